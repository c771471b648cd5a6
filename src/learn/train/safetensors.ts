// SPDX-License-Identifier: GPL-3.0-only
import { fstatSync, readSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { parseJson } from '../../trace/shown-values.ts';

const bytesEach = { F32: 4, F16: 2, BF16: 2 } as const;

/** A tensor of a file: `shape` outermost first, `begin` and `bytes` in bytes of the file. */
export type StoredTensor = {
  readonly name: string;
  readonly dtype: keyof typeof bytesEach;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly bytes: number;
};

/** The format's own bound of a head [bytes]. */
const maxHead = 100_000_000;

const tensorSchema = z.object({
  dtype: z.enum(['F32', 'F16', 'BF16']),
  shape: z.array(z.int().positive()).max(8),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/**
 * The tensors of an open safetensors file in the order of their bytes: a length of 8 bytes, a head in JSON, then
 * the numbers without a gap (https://huggingface.co/docs/safetensors). `file` is for messages.
 * @throws UserError where it is cut, or not such a file, or has numbers of another type.
 */
export const readSafetensors = (descriptor: number, file: string): readonly StoredTensor[] => {
  const wrong = (why: string): UserError => new UserError(why, { place: { file } });
  const { size } = fstatSync(descriptor);
  if (size < 8) throw wrong('is cut or empty');
  const length = Number(readBytes(descriptor, 0, 8).readBigUInt64LE());
  if (length > maxHead || 8 + length > size) throw wrong('is cut or empty');
  const head = parseJson(readBytes(descriptor, 8, length).toString());
  if (head === null || typeof head !== 'object') throw wrong('is not a safetensors file');
  const start = 8 + length;
  const tensors = Object.entries(head)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, described]): StoredTensor => {
      const read = tensorSchema.safeParse(described).data;
      if (!read) throw wrong(`has a tensor that cannot be read (${name.slice(0, 200)})`);
      const { dtype, shape, data_offsets } = read;
      const [begin, end] = data_offsets;
      return { name, dtype, shape, begin: start + begin, bytes: end - begin };
    })
    .sort((a, b) => a.begin - b.begin);
  let at = start;
  for (const { dtype, shape, begin, bytes } of tensors) {
    const wanted = shape.reduce((product, side) => product * side, bytesEach[dtype]);
    if (begin !== at || bytes !== wanted)
      throw wrong('is cut or damaged: its head is not of its numbers');
    at += bytes;
  }
  if (tensors.length === 0 || at !== size) throw wrong('is cut or empty');
  return tensors;
};

/** So many bytes of an open file. @throws Error where it ends before. */
export const readBytes = (descriptor: number, position: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let read = 0; read < length; ) {
    const more = readSync(descriptor, bytes, read, length - read, position + read);
    if (more === 0) throw new Error(`a file ended at ${position + read}, while it was read`);
    read += more;
  }
  return bytes;
};
