// SPDX-License-Identifier: GPL-3.0-only
import { cUnquote } from '../../../src/workspace/c-quote.ts';

/** Neighbouring lines that were taken out and put in; `at` counts patched lines before them. */
export type Edit = {
  readonly at: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
};

/** One file of a patch read with whole context; lines keep their line ends. */
export type FilePatch = {
  readonly path: string;
  readonly status: 'changed' | 'added' | 'removed';
  readonly base: readonly string[];
  readonly patched: readonly string[];
  readonly edits: readonly Edit[];
};

/** The diff is not one this reviewer can read. */
export class UnreadablePatch extends Error {
  override readonly name = 'UnreadablePatch';
}

/**
 * Reads a git diff made with enough context to show whole files.
 * @throws UnreadablePatch on binary files, renames, mode changes and broken hunks.
 */
export const readPatch = (diff: string): readonly FilePatch[] => {
  const lines = diff.split('\n');
  const files: FilePatch[] = [];
  let at = 0;
  while (at < lines.length && !(lines[at] === '' && at === lines.length - 1)) {
    const { file, next } = readFile(lines, at);
    files.push(file);
    at = next;
  }
  return files;
};

const readFile = (lines: readonly string[], start: number): { file: FilePatch; next: number } => {
  const first = lines[start] ?? '';
  if (!first.startsWith('diff --git ')) throw new UnreadablePatch(`no file starts at "${first}"`);
  let status: FilePatch['status'] = 'changed';
  let path = pathOfPair(first.slice('diff --git '.length));
  let at = start + 1;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line.startsWith('diff --git ') || line.startsWith('@@ ') || line === '') break;
    if (line.startsWith('new file mode 100')) status = 'added';
    else if (line.startsWith('deleted file mode 100')) status = 'removed';
    else if (line.startsWith('--- ') || line.startsWith('+++ ')) {
      path = pathOfSide(line.slice(4)) ?? path;
    } else if (!line.startsWith('index ')) {
      throw new UnreadablePatch(`${path ?? 'a file'} has a change that is not text: "${line}"`);
    }
  }
  if (path === undefined) throw new UnreadablePatch(`no path in "${first}"`);
  const { base, patched, edits, next } = readHunk(lines, at, path);
  return { file: { path, status, base, patched, edits }, next };
};

/** Whole files come as one hunk from the first line on; an empty file has none. */
const readHunk = (lines: readonly string[], start: number, path: string) => {
  const base: string[] = [];
  const patched: string[] = [];
  const edits: { at: number; removed: string[]; added: string[] }[] = [];
  const header = /^@@ -([01])(?:,(\d+))? \+([01])(?:,(\d+))? @@/.exec(lines[start] ?? '');
  if (!header) {
    if (lines[start]?.startsWith('@@')) {
      throw new UnreadablePatch(`the diff of ${path} does not show the whole file`);
    }
    return { base, patched, edits, next: start };
  }
  const wanted = { base: Number(header[2] ?? 1), patched: Number(header[4] ?? 1) };
  let at = start + 1;
  let edit: (typeof edits)[number] | undefined;
  for (; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const done = base.length === wanted.base && patched.length === wanted.patched;
    if (line.startsWith('\\')) continue;
    if (done) break;
    const text = line.slice(1) + (lines[at + 1]?.startsWith('\\') ? '' : '\n');
    if (line.startsWith(' ')) {
      edit = undefined;
      base.push(text);
      patched.push(text);
      continue;
    }
    if (!edit) {
      edit = { at: patched.length, removed: [], added: [] };
      edits.push(edit);
    }
    if (line.startsWith('-')) {
      base.push(text);
      edit.removed.push(text);
    } else if (line.startsWith('+')) {
      patched.push(text);
      edit.added.push(text);
    } else throw new UnreadablePatch(`the diff of ${path} is broken at "${line}"`);
  }
  if (base.length !== wanted.base || patched.length !== wanted.patched) {
    throw new UnreadablePatch(`the diff of ${path} is incomplete`);
  }
  if (lines[at]?.startsWith('@@')) {
    throw new UnreadablePatch(`the diff of ${path} does not show the whole file`);
  }
  return { base, patched, edits, next: at };
};

const pathOfSide = (text: string): string | undefined => {
  const name = text.startsWith('"') ? cUnquote(text)?.name : text.replace(/\t$/, '');
  return name === undefined || name === '/dev/null' ? undefined : name.slice(2);
};

/** `a/x b/x`: both halves name the same path, else it is a rename and read from nowhere else. */
const pathOfPair = (text: string): string | undefined => {
  if (text.startsWith('"')) return cUnquote(text)?.name.slice(2);
  const half = (text.length - 1) / 2;
  const [a, b] = [text.slice(0, half), text.slice(half + 1)];
  return a.slice(2) === b.slice(2) && a.startsWith('a/') && b.startsWith('b/')
    ? a.slice(2)
    : undefined;
};
