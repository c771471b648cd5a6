// SPDX-License-Identifier: GPL-3.0-only
import { open } from 'node:fs/promises';

/** What the head of a GGUF says, as far as it concerns a runtime. */
export type GgufHeader = {
  readonly architecture: string | undefined;
  /** Tokens that the model was trained for. */
  readonly contextTokens: number | undefined;
  /** Bytes that the file has at least when it is whole. */
  readonly bytes: number;
};

/** The file's head is cut off or says what no GGUF says. */
export class BadGguf extends Error {
  override readonly name = 'BadGguf';
}

/** A vocabulary of 262,144 tokens with its merges takes some 12 MiB. */
const longestHead = 64 * 2 ** 20;
const mostEntries = 1_000_000;

/** Blocks of values: how many values, and bytes; https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const blocks: Readonly<Record<number, readonly [values: number, bytes: number]>> = {
  0: [1, 4],
  1: [1, 2],
  2: [32, 18],
  3: [32, 20],
  6: [32, 22],
  7: [32, 24],
  8: [32, 34],
  10: [256, 84],
  11: [256, 110],
  12: [256, 144],
  13: [256, 176],
  14: [256, 210],
  30: [1, 2],
};

/**
 * Reads the head of a GGUF file: OpenVINO ends its process over one that is cut short.
 * @throws BadGguf
 */
export const readGgufHeader = async (path: string): Promise<GgufHeader> => {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const head = Buffer.allocUnsafe(Math.min(size, longestHead));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return parse(head.subarray(0, bytesRead));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BadGguf('its head is cut off');
  } finally {
    await handle.close();
  }
};

/** Reads on from byte to byte; a RangeError is what Buffer throws beyond its end. */
type Reader = {
  readonly u32: () => number;
  readonly u64: () => number;
  readonly text: () => string;
  readonly skip: (bytes: number) => void;
  readonly at: () => number;
};

const parse = (head: Buffer): GgufHeader => {
  const reader = readerOf(head);
  if (head.toString('latin1', 0, 4) !== 'GGUF') throw new BadGguf('it is not a GGUF file');
  reader.skip(4);
  const version = reader.u32();
  if (version !== 2 && version !== 3) throw new BadGguf(`its version ${version} is not known`);
  const tensors = bounded(reader.u64());
  const entries = bounded(reader.u64());
  const values = new Map<string, string | number>();
  for (let index = 0; index < entries; index += 1) {
    const key = reader.text();
    const value = readValue(reader, reader.u32());
    if (value !== undefined) values.set(key, value);
  }
  let needed = 0;
  for (let index = 0; index < tensors; index += 1) needed = Math.max(needed, tensorEnd(reader));
  const alignment = values.get('general.alignment');
  const step = typeof alignment === 'number' && alignment > 0 ? alignment : 32;
  const architecture = values.get('general.architecture');
  const contextTokens = values.get(`${architecture}.context_length`);
  return {
    architecture: typeof architecture === 'string' ? architecture : undefined,
    contextTokens: typeof contextTokens === 'number' ? contextTokens : undefined,
    bytes: Math.ceil(reader.at() / step) * step + needed,
  };
};

const bounded = (amount: number): number => {
  if (amount <= mostEntries) return amount;
  throw new BadGguf(`its head speaks of ${amount} entries`);
};

/** Where a tensor's data ends, from where all data begins. */
const tensorEnd = (reader: Reader): number => {
  reader.text();
  const dimensions = reader.u32();
  if (dimensions > 8) throw new BadGguf(`a tensor has ${dimensions} dimensions`);
  let values = 1;
  for (let index = 0; index < dimensions; index += 1) values *= reader.u64();
  const block = blocks[reader.u32()];
  const offset = reader.u64();
  return block ? offset + Math.ceil(values / block[0]) * block[1] : offset;
};

const string = 8;
const list = 9;
/** Bytes of a value, by the number of its kind. */
const sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

/** A number or text that a caller may ask for; lists and the rest are passed over. */
const readValue = (reader: Reader, kind: number): string | number | undefined => {
  if (kind === 4) return reader.u32();
  if (kind === 10) return reader.u64();
  if (kind === string) return reader.text();
  if (kind === list) {
    const inner = reader.u32();
    const length = reader.u64();
    if (inner === string) for (let index = 0; index < length; index += 1) reader.skip(reader.u64());
    else reader.skip(sizeOf(inner) * length);
    return undefined;
  }
  reader.skip(sizeOf(kind));
  return undefined;
};

const sizeOf = (kind: number): number => {
  const size = sizes[kind];
  if (size === undefined || size === 0) throw new BadGguf(`a value of the kind ${kind}`);
  return size;
};

const longestText = 16 * 2 ** 20;

const readerOf = (head: Buffer): Reader => {
  let at = 0;
  const skip = (bytes: number): void => {
    at += bytes;
    if (at > head.length) throw new RangeError('beyond the end');
  };
  const from = (bytes: number): number => {
    skip(bytes);
    return at - bytes;
  };
  const u64 = (): number => {
    const value = head.readBigUInt64LE(from(8));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BadGguf('it contains an absurd number');
    return Number(value);
  };
  return {
    u64,
    skip,
    u32: () => head.readUInt32LE(from(4)),
    text: () => {
      const length = u64();
      if (length > longestText) throw new BadGguf('it contains an absurd text');
      const start = from(length);
      return head.toString('utf8', start, start + length);
    },
    at: () => at,
  };
};
