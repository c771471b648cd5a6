// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { exportedTypesOf, readSources } from '../../bench/house/source.ts';
import { readPage, root } from './pages.ts';

const { text } = readPage('CONTRIBUTING.md');
const [, table = ''] = /\n\| word +\| meaning[^\n]*\n([\s\S]*?)\n\n/.exec(text) ?? [];
const rows = table.split('\n').slice(1);

test('the glossary names no word twice', (t) => {
  const words = rows.flatMap((row) =>
    (row.split('|')[1] ?? '').split(',').map((word) => word.trim()),
  );
  t.true(words.length >= 30);
  t.deepEqual(
    words.filter((word, index) => words.indexOf(word) !== index),
    [],
  );
});

test('every type that the glossary names is one of src', (t) => {
  const types = new Set(readSources(root, ['src']).flatMap(exportedTypesOf));
  const named = [...table.matchAll(/`([A-Z][A-Za-z]+)`/g)].map(([, name]) => name ?? '');
  t.true(named.length >= 15);
  t.deepEqual(
    named.filter((name) => !types.has(name)),
    [],
  );
});

test('every folder of src that CONTRIBUTING.md leads to is there', (t) => {
  const folders = new Set(
    readSources(root, ['src']).map(({ path }) => path.replace(/\/[^/]*$/, '')),
  );
  const named = [...text.matchAll(/^\| `([a-z]+(?:\/[a-z]+)?)` +\|/gm)].map(([, name]) => name);
  t.true(named.length >= 10);
  t.deepEqual(
    named.filter((name) => !folders.has(`src/${name}`)),
    [],
  );
});
