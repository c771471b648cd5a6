// SPDX-License-Identifier: GPL-3.0-only
import { cUnquote } from './c-quote.ts';
import { parseLiteral } from './git-binary.ts';

/** A diff that is not well formed, does not fit its base, or is not the patch it is said to be. */
export class PatchFault extends Error {
  override readonly name = 'PatchFault';
}

/** Old lines (context and deleted) at an exact place, and the new lines for them, each with its line feed. */
export type ParsedHunk = {
  /** Counted from 0. */
  readonly oldStart: number;
  readonly newStart: number;
  readonly oldLines: readonly string[];
  readonly newLines: readonly string[];
};

export type ParsedFile = {
  readonly path: string;
  readonly kind: 'new' | 'deleted' | 'changed';
  /** Of the side that is there; of both where the file is only changed. */
  readonly mode: string;
  readonly oldOid: string;
  readonly newOid: string;
  readonly content:
    | { readonly hunks: readonly ParsedHunk[] }
    | { readonly newBytes: Uint8Array; readonly oldBytes: Uint8Array };
};

/** A diff longer than this many UTF-16 code units is refused. */
const maxDiffLength = 256 * 1024 * 1024;

/** A binary file larger than this many bytes is refused. */
const maxBinaryBytes = 64 * 1024 * 1024;

type Cursor = {
  readonly peek: () => string | undefined;
  readonly next: () => string;
  /** Takes the line if it matches; otherwise leaves it. */
  readonly take: (pattern: RegExp) => RegExpExecArray | undefined;
  readonly fault: (what: string) => PatchFault;
};

const openCursor = (diff: string): Cursor => {
  const lines = diff.split('\n');
  if (lines.pop() !== '') throw new PatchFault('The diff does not end with a line feed.');
  let at = 0;
  const fault = (what: string): PatchFault => new PatchFault(`Line ${at + 1} of the diff: ${what}`);
  return {
    peek: () => lines[at],
    next: () => {
      const line = lines[at];
      if (line === undefined) throw fault('it ends too early.');
      at += 1;
      return line;
    },
    take: (pattern) => {
      const match = pattern.exec(lines[at] ?? '\n');
      if (!match) return undefined;
      at += 1;
      return match;
    },
    fault,
  };
};

/**
 * Reads a diff in the form `formatPatch` writes, and nothing looser: no renames, no mode changes, no
 * text between files.
 * @throws PatchFault
 */
export const parsePatch = (diff: string): readonly ParsedFile[] => {
  if (diff.length > maxDiffLength) throw new PatchFault('The diff is too large.');
  if (diff === '') return [];
  const cursor = openCursor(diff);
  const files: ParsedFile[] = [];
  while (cursor.peek() !== undefined) files.push(parseFile(cursor));
  return files;
};

const parseFile = (cursor: Cursor): ParsedFile => {
  const names = cursor.take(/^diff --git (.*)$/s)?.[1];
  if (names === undefined) throw cursor.fault('"diff --git" expected.');
  const path = pathIn(names);
  if (path === undefined) throw cursor.fault('the names are not one path twice.');
  const created = cursor.take(/^new file mode (\d{6})$/)?.[1];
  const deleted = created ? undefined : cursor.take(/^deleted file mode (\d{6})$/)?.[1];
  const kind = created ? 'new' : deleted ? 'deleted' : 'changed';
  const index = cursor.take(/^index ([0-9a-f]{40,64})\.\.([0-9a-f]{40,64})(?: (\d{6}))?$/);
  const [, oldOid = '', newOid = '', kept] = index ?? [];
  if (!index || (kind === 'changed') !== Boolean(kept)) {
    throw cursor.fault('"index" with two full ids and the mode that stays expected.');
  }
  const file = { path, kind, mode: created ?? deleted ?? kept ?? '', oldOid, newOid } as const;
  if (cursor.take(/^GIT binary patch$/)) {
    const newBytes = literalAt(cursor);
    return { ...file, content: { newBytes, oldBytes: literalAt(cursor) } };
  }
  if (cursor.peek()?.startsWith('--- ')) {
    expectName(cursor, '--- ', kind === 'new' ? undefined : `a/${path}`);
    expectName(cursor, '+++ ', kind === 'deleted' ? undefined : `b/${path}`);
  }
  const hunks: ParsedHunk[] = [];
  while (cursor.peek()?.startsWith('@@ ')) hunks.push(parseHunk(cursor));
  return { ...file, content: { hunks } };
};

/** The path in `a/<path> b/<path>`, both quoted or both plain. */
const pathIn = (names: string): string | undefined => {
  if (names.startsWith('"')) {
    const old = cUnquote(names);
    const current = old?.rest.startsWith(' ') ? cUnquote(old.rest.slice(1)) : undefined;
    if (!old || !current || current.rest !== '') return undefined;
    return samePath(old.name, current.name);
  }
  const half = (names.length - 1) / 2;
  return names[half] === ' ' ? samePath(names.slice(0, half), names.slice(half + 1)) : undefined;
};

const samePath = (old: string, current: string): string | undefined =>
  old.startsWith('a/') && current.startsWith('b/') && old.slice(2) === current.slice(2)
    ? old.slice(2)
    : undefined;

const expectName = (cursor: Cursor, marker: string, name: string | undefined): void => {
  const line = cursor.next();
  const text = line.slice(marker.length).replace(/\t$/, '');
  const unquoted = text.startsWith('"') ? cUnquote(text)?.name : text;
  if (!line.startsWith(marker) || unquoted !== (name ?? '/dev/null')) {
    throw cursor.fault(`"${marker}${name ?? '/dev/null'}" expected before it.`);
  }
};

const literalAt = (cursor: Cursor): Uint8Array => {
  const size = Number(cursor.take(/^literal (\d{1,9})$/)?.[1] ?? Number.NaN);
  if (!(size <= maxBinaryBytes)) throw cursor.fault('"literal" with a size expected.');
  const lines: string[] = [];
  for (let line = cursor.next(); line !== ''; line = cursor.next()) lines.push(line);
  const bytes = parseLiteral(size, lines);
  if (!bytes) throw cursor.fault('the binary content before it is broken.');
  return bytes;
};

const parseHunk = (cursor: Cursor): ParsedHunk => {
  const header = cursor.take(
    /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(?: .*)?$/s,
  );
  if (!header) throw cursor.fault('a hunk header expected.');
  const [oldFirst, oldCount, newFirst, newCount] = [1, 2, 3, 4].map((at) =>
    Number(header[at] ?? 1),
  );
  const oldLines: string[] = [];
  const newLines: string[] = [];
  while (oldLines.length < (oldCount ?? 0) || newLines.length < (newCount ?? 0)) {
    const line = cursor.next();
    const sign = line[0];
    const ending = cursor.take(/^\\ No newline at end of file$/) ? '' : '\n';
    const text = `${line.slice(1)}${ending}`;
    if (sign === ' ' || sign === '-') oldLines.push(text);
    if (sign === ' ' || sign === '+') newLines.push(text);
    if (sign === undefined || !' -+'.includes(sign)) {
      throw cursor.fault('a line of a hunk starts with " ", "-" or "+".');
    }
  }
  if (oldLines.length !== oldCount || newLines.length !== newCount) {
    throw cursor.fault('the hunk has more lines than its header says.');
  }
  return {
    oldStart: startOf(oldFirst ?? 0, oldLines.length),
    newStart: startOf(newFirst ?? 0, newLines.length),
    oldLines,
    newLines,
  };
};

/** An empty range names the line before it. */
const startOf = (first: number, count: number): number => (count === 0 ? first : first - 1);
