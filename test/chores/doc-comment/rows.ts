// SPDX-License-Identifier: GPL-3.0-only
import test, { type Macro } from 'ava';

export type Files = Readonly<Record<string, string | undefined>>;

/** A module before a comment. */
export const source = `import { b } from './b.ts';

const limit = 2;

export function total<Item>(list: readonly Item[], start = 0): number {
  if (list.length > limit) throw new RangeError('too many');
  return list.length + start;
}

export const reset = (names: string[]): void => {
  names.length = 0;
};

/** Those that are there. */
export interface Options {
  readonly lower: boolean;
}

export type Kind = 'a' | 'b';
export class Box {}
function inner() {}
`;
const base = {
  'src/a.ts': source,
  'src/b.ts': 'export const b = 1;\n',
  'lib/c.js': 'export function cut(text) {\n  return text;\n}\n',
};

/** What most rows ask for. */
export const asks = ['`total` has a doc comment', 'Nothing else changes'];

/** The module with lines above a line of it. */
export const above = (comment: string, line = 'export function total'): string =>
  source.replace(line, `${comment}\n${line}`);

type Row = readonly [after: string | Files, acceptance?: readonly string[], before?: Files];

/** Rows of one table: a comment above `total`, a whole module or more files. */
export const table = (
  macro: Macro<[readonly string[], Files, Files]>,
  rows: Readonly<Record<string, Row>>,
): void => {
  for (const [title, [after, acceptance = asks, before = {}]] of Object.entries(rows)) {
    const text =
      typeof after === 'string' && after.startsWith('import') ? after : above(String(after));
    const files = typeof after === 'string' ? { 'src/a.ts': text } : after;
    test(title, macro, acceptance, { ...base, ...before }, files);
  }
};
