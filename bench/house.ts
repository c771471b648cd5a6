// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fillParts } from '../bin/docs/parts.ts';
import { markdownTable } from '../bin/docs/table.ts';
import {
  exportedTypesOf,
  functionLinesOf,
  localsOf,
  readSources,
  vagueNames,
} from './house/source.ts';

/*
 * `node_modules/.bin/node bench/house.ts [COMMIT]` counts the tree at a commit and as it is now, and
 * rewrites the table in docs/architecture.md. Only TypeScript counts, and no blank lines.
 */

const root = join(import.meta.dirname, '..');
const before = process.argv[2] ?? '6b5aa8e';

type Row = readonly [name: string, value: string];

const measure = (tree: string): readonly Row[] => {
  const sources = readSources(tree, ['src']);
  const folders = [...Map.groupBy(sources, ({ path }) => dirname(path))];
  const [largest = '', files = []] =
    folders.toSorted(([, a], [, b]) => b.length - a.length)[0] ?? [];
  const locals = sources.flatMap(localsOf);
  const vague = locals.filter(({ text }) => vagueNames.has(text)).length;
  const types = [...Map.groupBy(sources.flatMap(exportedTypesOf), (name) => name).values()];
  return [
    ...['src', 'actions', 'chores', 'test', 'bench', 'bin'].map((name): Row => {
      const inside = readSources(tree, [name]);
      const lines = inside.reduce((sum, file) => sum + file.lines, 0);
      return [`\`${name}\`: lines, files`, `${count(lines)}, ${count(inside.length)}`];
    }),
    ['`src`: largest folder', `${files.length} files (\`${largest}\`)`],
    ['`src`: longest file', `${Math.max(...sources.map(({ lines }) => lines))} lines`],
    ['`src`: median file', `${median(sources.map(({ lines }) => lines))} lines`],
    ['`src`: median function', `${median(sources.flatMap(functionLinesOf))} lines`],
    ['`src`: vague locals', `${((vague / locals.length) * 100).toFixed(2)} %`],
    ['`src`: type names exported twice', `${types.filter((of) => of.length > 1).length}`],
  ];
};

const count = (value: number): string => value.toLocaleString('en-US');

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const folder = mkdtempSync(join(tmpdir(), 'pantheon-house-'));
try {
  const archive = execFileSync('git', ['archive', before], { cwd: root, maxBuffer: 2 ** 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  const now = new Map(measure(root));
  const rows = measure(folder).map(([name, value]) => [name, value, now.get(name) ?? '']);
  const table = markdownTable([['', `at ${before}`, 'now'], ...rows]);
  const page = join(root, 'docs', 'architecture.md');
  const text = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    fillParts(text, 'written', (name) => (name === 'size' ? table : undefined)),
  );
  console.log(table);
} finally {
  rmSync(folder, { recursive: true });
}
