// SPDX-License-Identifier: GPL-3.0-only

/** A tensor to be written at half precision; `shape` outermost first, as in a safetensors file. */
export type HalfTensor = { readonly name: string; readonly shape: readonly number[] };

/** A value of a file's metadata. */
export type GgufEntry = string | { readonly uint32: number } | { readonly float32: number };

/** What the format pads the head and each tensor to [bytes], where a file says nothing else. */
const alignment = 32;

/** Numbers of the format for types of values and, of a tensor, of half precision. */
const types = { uint32: 4, float32: 6, string: 8, half: 1 } as const;

/**
 * What stands in a GGUF file of version 3 before its numbers, which follow in the order of `tensors`, each padded
 * (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
 */
export const ggufHead = (
  metadata: Readonly<Record<string, GgufEntry>>,
  tensors: readonly HalfTensor[],
): Buffer => {
  const entries = Object.entries(metadata);
  let offset = 0;
  const described = tensors.map(({ name, shape }) => {
    // Sides are written innermost first.
    const sides = [...shape].reverse().map(uint64);
    const bytes = [
      string(name),
      uint32(shape.length),
      ...sides,
      uint32(types.half),
      uint64(offset),
    ];
    offset += padded(halfBytes({ shape }));
    return Buffer.concat(bytes);
  });
  return withPadding(
    Buffer.concat([
      ...[Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(entries.length)],
      ...entries.flatMap(([key, entry]) => [string(key), valued(entry)]),
      ...described,
    ]),
  );
};

/** Bytes up to the place where the next tensor begins. */
export const withPadding = (bytes: Buffer): Buffer => Buffer.concat([bytes], padded(bytes.length));

const halfBytes = ({ shape }: Pick<HalfTensor, 'shape'>): number =>
  shape.reduce((product, side) => product * side, 2);

const padded = (length: number): number => Math.ceil(length / alignment) * alignment;

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

const float32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};

const string = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  return Buffer.concat([uint64(bytes.length), bytes]);
};

const valued = (entry: GgufEntry): Buffer => {
  if (typeof entry === 'string') return Buffer.concat([uint32(types.string), string(entry)]);
  if ('uint32' in entry) return Buffer.concat([uint32(types.uint32), uint32(entry.uint32)]);
  return Buffer.concat([uint32(types.float32), float32(entry.float32)]);
};
