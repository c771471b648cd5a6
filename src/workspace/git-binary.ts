// SPDX-License-Identifier: GPL-3.0-only
import { constants, deflateSync, inflateSync } from 'node:zlib';

/** The digits of git's base 85 (base85.c). */
const digits =
  '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~';

const values: ReadonlyMap<string, number> = new Map([...digits].map((digit, at) => [digit, at]));

const bytesPerLine = 52;

/** `A`-`Z` for 1 to 26 bytes, `a`-`z` for 27 to 52. */
const lengthDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** One `literal` hunk of a git binary patch: the size, then the deflated bytes in base 85, then an empty line. */
export const formatLiteral = (bytes: Uint8Array): string => {
  const packed = deflateSync(bytes, { level: constants.Z_BEST_SPEED });
  const lines = [`literal ${bytes.length}\n`];
  for (let start = 0; start < packed.length; start += bytesPerLine) {
    const part = packed.subarray(start, start + bytesPerLine);
    lines.push(`${lengthDigits[part.length - 1]}${encode85(part)}\n`);
  }
  return `${lines.join('')}\n`;
};

const encode85 = (bytes: Buffer): string => {
  let text = '';
  for (let start = 0; start < bytes.length; start += 4) {
    let group = 0;
    for (let at = start; at < start + 4; at += 1) group = group * 256 + (bytes[at] ?? 0);
    let five = '';
    for (let count = 0; count < 5; count += 1) {
      five = digits[group % 85] + five;
      group = Math.floor(group / 85);
    }
    text += five;
  }
  return text;
};

/** Undoes `formatLiteral` from its lines without the first; `undefined` for what is not exactly that. */
export const parseLiteral = (size: number, lines: readonly string[]): Uint8Array | undefined => {
  const parts = lines.map(decodeLine);
  if (parts.some((part) => part === undefined)) return undefined;
  const packed = Buffer.concat(parts.filter((part) => part !== undefined));
  const bytes = inflate(packed, size);
  return bytes?.length === size ? new Uint8Array(bytes) : undefined;
};

/** At most one byte more than `size` is unpacked, and nothing may follow the stream. */
const inflate = (packed: Buffer, size: number): Buffer | undefined => {
  try {
    // Typed as a buffer, it is `{ buffer, engine }` where `info` is set (node:zlib, options).
    const { buffer, engine } = inflateSync(packed, {
      maxOutputLength: size + 1,
      info: true,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return engine.bytesWritten === packed.length ? buffer : undefined;
  } catch {
    return undefined;
  }
};

const decodeLine = (line: string): Uint8Array | undefined => {
  const length = lengthDigits.indexOf(line[0] ?? ' ') + 1;
  const groups = Math.ceil(length / 4);
  if (length === 0 || line.length !== 1 + groups * 5) return undefined;
  const bytes = Buffer.alloc(groups * 4);
  for (let at = 0; at < groups; at += 1) {
    let group = 0;
    for (const digit of line.slice(1 + at * 5, 6 + at * 5)) {
      group = group * 85 + (values.get(digit) ?? Number.NaN);
    }
    if (!(group <= 0xffffffff)) return undefined;
    bytes.writeUInt32BE(group, at * 4);
  }
  return bytes.subarray(0, length);
};
