// SPDX-License-Identifier: GPL-3.0-only

import { posix } from 'node:path';
import test from 'ava';
import ts from 'typescript';
import { nodesOf, readSources } from '../../bench/house/source.ts';
import { root } from '../docs/pages.ts';

const sources = new Map(readSources(root, ['chores']).map((source) => [source.path, source]));

/** What the parts of one chore may share: parsing that judges nothing. */
const parsing = ['chores/format/kinds.ts'];

/** The files of `chores/` that a file runs, itself included; types run nothing. */
const reach = (path: string, seen = new Set<string>()): ReadonlySet<string> => {
  const source = sources.get(path);
  if (source === undefined || seen.has(path)) return seen;
  seen.add(path);
  for (const { moduleSpecifier, importClause } of nodesOf(source.tree, ts.isImportDeclaration)) {
    if (importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) continue;
    const target = (moduleSpecifier as ts.StringLiteral).text;
    reach(posix.join(posix.dirname(path), target), seen);
  }
  return seen;
};

const names = new Set([...sources.keys()].map((path) => path.split('/')[1] ?? ''));

for (const name of names) {
  test(`${name}: work and both judges share no code but parsing`, (t) => {
    const parts = ['work', 'judge', 'redo'].map((part) => reach(`chores/${name}/${part}.ts`));
    const counts = Map.groupBy(
      parts.flatMap((files) => [...files]),
      (path) => path,
    );
    const shared = [...counts].filter(([, times]) => times.length > 1).map(([path]) => path);
    t.deepEqual(
      shared.filter((path) => !parsing.includes(path)),
      [],
    );
  });
}
