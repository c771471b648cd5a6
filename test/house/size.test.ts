// SPDX-License-Identifier: GPL-3.0-only
import { dirname } from 'node:path';
import test from 'ava';
import { readSources, type Source } from '../../bench/house/source.ts';
import { root } from '../docs/pages.ts';

const everywhere = readSources(root, ['src', 'actions', 'test', 'bench', 'bin']);

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
  const lengthOf = ({ tree }: Source) => tree.text.trimEnd().split('\n').length;
  const long = everywhere.filter((file) => lengthOf(file) > 300);
  t.deepEqual(
    long.map((file) => `${file.path}: ${lengthOf(file)} lines`),
    [],
  );
});
