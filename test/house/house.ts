// SPDX-License-Identifier: GPL-3.0-only

import { dirname } from 'node:path';
import test from 'ava';
import ts from 'typescript';
import {
  exportedTypesOf,
  localsOf,
  readSources,
  type Source,
  undocumentedOf,
  vagueNames,
} from '../../bench/house/source.ts';
import { root } from '../docs/pages.ts';

const sources = readSources(root, ['src']);

test('no two files of src export a type of the same name', (t) => {
  const exports = sources.flatMap((source) =>
    exportedTypesOf(source).map((name) => ({ name, path: source.path })),
  );
  const shared = [...Map.groupBy(exports, ({ name }) => name)]
    .filter(([, of]) => of.length > 1)
    .map(([name, of]) => `${name}: ${of.map(({ path }) => path).join(', ')}`);
  t.deepEqual(shared, []);
});

test('every exported function of src has a doc comment', (t) => {
  const bare = sources.flatMap((source) =>
    undocumentedOf(source).map((name) => `${source.path}: ${name}`),
  );
  t.deepEqual(bare, []);
});

/** The share of locals, as a fraction, that may have such a name. */
const limits = { variables: 0.01, parameters: 0.01 };

const share = test.macro({
  exec(t, kind: keyof typeof limits) {
    const locals = sources.flatMap((source) =>
      localsOf(source)
        .filter(({ parent }) => ts.isVariableDeclaration(parent) === (kind === 'variables'))
        .map((name) => ({ name: name.text, path: source.path })),
    );
    const empty = locals.filter(({ name }) => vagueNames.has(name));
    const places = empty.map(({ name, path }) => `${path}: ${name}`).join('\n');
    t.true(empty.length < limits[kind] * locals.length, `${empty.length}:\n${places}`);
  },
  title: (_, kind) => `under 1 % of the ${kind} in src are called ${[...vagueNames].join(', ')}`,
});

test(share, 'variables');
test(share, 'parameters');

const everywhere = readSources(root, ['src', 'actions', 'chores', 'test', 'bench', 'bin']);

test('no folder of src or test has more than 20 files', (t) => {
  const folders = Map.groupBy(
    everywhere.filter(({ path }) => /^(?:src|test)\//.test(path)),
    ({ path }) => dirname(path),
  );
  const full = [...folders].filter(([, files]) => files.length > 20);
  t.deepEqual(
    full.map(([folder, files]) => `${folder}: ${files.length} files`),
    [],
  );
});

test('no file has more than 300 lines', (t) => {
  const lengthOf = ({ text }: Source) => text.trimEnd().split('\n').length;
  const long = everywhere.filter((file) => lengthOf(file) > 300);
  t.deepEqual(
    long.map((file) => `${file.path}: ${lengthOf(file)} lines`),
    [],
  );
});
