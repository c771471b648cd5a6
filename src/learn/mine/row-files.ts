// SPDX-License-Identifier: GPL-3.0-only
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Split } from './split.ts';

/** The files of a dataset, in the order of its card; each has one file for each split that has rows. */
export const rowKinds = [
  'messages',
  'masked',
  'steps',
  'tool-use',
  'generation',
  'reviews',
  'decisions',
] as const;

export type RowKind = (typeof rowKinds)[number];

/** A file of rows as it was written, or would be. */
export type RowFile = {
  readonly name: string;
  readonly kind: RowKind;
  readonly split: Split;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
};

type OpenFile = {
  readonly descriptor: number | undefined;
  readonly hash: Hash;
  rows: number;
  bytes: number;
};

/** Files of JSON lines that are written as rows come; without a folder they are only counted. */
export const openRowFiles = (folder: string | undefined) => {
  const open = new Map<string, OpenFile>();
  const nameOf = (kind: RowKind, split: Split): string => `${kind}.${split}.jsonl`;
  const add = (kind: RowKind, split: Split, row: object): void => {
    const name = nameOf(kind, split);
    const file = open.get(name) ?? {
      descriptor: folder === undefined ? undefined : openSync(join(folder, name), 'wx'),
      hash: createHash('sha256'),
      rows: 0,
      bytes: 0,
    };
    open.set(name, file);
    const line = Buffer.from(`${JSON.stringify(row)}\n`);
    file.hash.update(line);
    file.rows += 1;
    file.bytes += line.length;
    if (file.descriptor !== undefined) writeWhole(file.descriptor, line);
  };
  const close = (): readonly RowFile[] =>
    rowKinds.flatMap((kind) =>
      (['train', 'held-out'] as const).flatMap((split): readonly RowFile[] => {
        const name = nameOf(kind, split);
        const file = open.get(name);
        if (!file) return [];
        if (file.descriptor !== undefined) closeSync(file.descriptor);
        const { rows, bytes, hash } = file;
        return [{ name, kind, split, rows, bytes, sha256: hash.digest('hex') }];
      }),
    );
  return { add, close };
};

/** One write may take less than it is given. */
const writeWhole = (descriptor: number, bytes: Buffer): void => {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
};
