// SPDX-License-Identifier: GPL-3.0-only
import { sha256 } from '../../data/digest.ts';
import { isJson } from '../journal.ts';
import { readIfThere } from './key-folder.ts';

/** The digests of a file's lines; from `settled` on they may not have been written. */
export type FileSeal = { readonly lines: readonly string[]; readonly settled: number };

/** 128 bits: enough that nobody finds another line of the same digest, at half the size. */
const digestOfLine = (line: string): string => sha256(line).slice(0, 32);

/** The digest of the line that a record becomes. */
export const recordDigest = (record: unknown): string => digestOfLine(JSON.stringify(record));

/** Digests of a file's lines, none where it is missing; a torn last one is not there, as for who reads it. */
export const lineDigests = (file: string): readonly string[] => {
  const lines = (readIfThere(file) ?? '').split('\n');
  const tail = lines.pop() ?? '';
  return [...lines, ...(isJson(Buffer.from(tail)) ? [tail] : [])].map(digestOfLine);
};

/** Where lines are not those that were sealed, counted from 1, and what happened there. */
export const differenceIn = (
  lines: readonly string[],
  { lines: sealed, settled }: FileSeal,
): { readonly line: number; readonly what: string } | undefined => {
  const at = lines.findIndex((line, index) => line !== sealed[index]);
  if (at === -1) {
    if (lines.length >= settled) return undefined;
    const missing = settled - lines.length;
    const what =
      missing === 1 ? 'the line that was here is gone' : `${missing} lines that were here are gone`;
    return { line: lines.length + 1, what };
  }
  const line = at + 1;
  if (at >= sealed.length) return { line, what: 'was added since Pantheon sealed the file' };
  if (lines[at + 1] === sealed[at])
    return { line, what: 'was added since Pantheon sealed the file' };
  if (lines[at] === sealed[at + 1]) return { line, what: 'the line that was here is gone' };
  return { line, what: 'was edited since Pantheon sealed the file' };
};
