// SPDX-License-Identifier: GPL-3.0-only
import test, { type Macro } from 'ava';

type Files = Readonly<Record<string, string | undefined>>;

/** A small package. */
export const base = {
  'src/a.ts':
    'export const day = (n: number): number => n + 1;\nexport const one = 1;\nexport interface Day {\n  n: number;\n}\nconst inner = 1;\nfunction over(a: string): void;\nfunction over(a: unknown) {}\nconst p = 1,\n  q = 2;\nexport default function main() {}\n',
  'src/b.ts': 'export const two = 2;\n',
  'src/run.ts': "export const fast = 1;\nconsole.log('running');\n",
  'src/index.ts': "export { one } from './a.ts';\n\nlet x = 1;\n",
};
/** What most rows ask for. */
export const asks = ['`day` is exported from `src/index.ts`'];

/** Rows of one table: the index (or more files) after the patch. */
export const table = (
  macro: Macro<[readonly string[], Files, Files]>,
  rows: Readonly<
    Record<string, readonly [after: string | Files, acceptance?: readonly string[], before?: Files]>
  >,
): void => {
  for (const [title, [after, acceptance = asks, before = {}]] of Object.entries(rows)) {
    const files = typeof after === 'string' ? { 'src/index.ts': after } : after;
    test(`in an index, ${title}`, macro, acceptance, { ...base, ...before }, files);
  }
};

/** The first line of the index. */
export const one = "export { one } from './a.ts';";
/** The rest of the index. */
export const rest = '\n\nlet x = 1;\n';
/** A type is asked for. */
export const type = ['`Day` is exported from `src/index.ts`'];
/** What a module keeps to itself is asked for. */
export const own = ['`inner` is exported from `src/a.ts`'];
/** One place of `src/a.ts` changed. */
export const edit = (from: string, to: string): Files => ({
  'src/a.ts': base['src/a.ts'].replace(from, to),
});
/** A script with types written by hand. */
export const js = {
  'index.js': "export { one } from './lib/a.js';\n",
  'index.d.ts': 'export const one: number;\n',
  'lib/a.js': 'export const one = 1;\nexport function trim(text) {\n  return text.trim();\n}\n',
};
/** A name of it is asked for. */
export const trim = ['`trim` is exported from `index.js`'];
