// SPDX-License-Identifier: GPL-3.0-only
import type { Stored } from './safetensors.ts';

/** A value of a GGUF's metadata; numbers are unsigned 32-bit unless told otherwise. */
export type GgufValue =
  | string
  | number
  | boolean
  | { readonly float: number }
  | { readonly strings: readonly string[] }
  | { readonly integers: readonly number[] };

const alignment = 32;
const types = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
const tensorTypes = { F32: 0, F16: 1 } as const;

/** A GGUF file, version 3 (ggml's docs/gguf.md). */
export const encodeGguf = (
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: readonly Stored[],
): Buffer => {
  const entries = Object.entries(metadata);
  let offset = 0;
  const infos = tensors.map(({ name, type, shape, bytes }) => {
    const info = [
      string(name),
      u32(shape.length),
      // Innermost first, the other way round than Hugging Face.
      ...[...shape].reverse().map(u64),
      u32(tensorTypes[type]),
      u64(offset),
    ];
    offset += padded(bytes.length);
    return Buffer.concat(info);
  });
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(tensors.length),
    u64(entries.length),
    ...entries.flatMap(([key, value]) => [string(key), encodeValue(value)]),
    ...infos,
  ]);
  const data = tensors.flatMap(({ bytes }) => [
    bytes,
    Buffer.alloc(padded(bytes.length) - bytes.length),
  ]);
  return Buffer.concat([head, Buffer.alloc(padded(head.length) - head.length), ...data]);
};

const padded = (length: number): number => Math.ceil(length / alignment) * alignment;

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};

const f32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};

const string = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.length), bytes]);
};

const encodeValue = (value: GgufValue): Buffer => {
  if (typeof value === 'string') return Buffer.concat([u32(types.string), string(value)]);
  if (typeof value === 'number') return Buffer.concat([u32(types.u32), u32(value)]);
  if (typeof value === 'boolean') {
    return Buffer.concat([u32(types.bool), Buffer.from([value ? 1 : 0])]);
  }
  if ('float' in value) return Buffer.concat([u32(types.f32), f32(value.float)]);
  const isText = 'strings' in value;
  const items = isText ? value.strings.map(string) : value.integers.map(u32);
  return Buffer.concat([
    u32(types.array),
    u32(isText ? types.string : types.i32),
    u64(items.length),
    ...items,
  ]);
};
