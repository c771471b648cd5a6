// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { foldersUp, preparedFolder, resolveDependencies } from '../../src/boundary/dependencies.ts';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { makeRepository, temporaryFolder } from '../workspace/with-repository.ts';

const lockfile = '{"lockfileVersion":3}\n';

type Row = {
  /** Files of the commit. */
  readonly files: readonly string[];
  /** `node_modules` folders made below the checkout (`installed`), the prepared folder, and apart. */
  readonly made: readonly ('fallback' | `installed:${string}` | `prepared:${string}`)[];
  readonly asked: string;
  /** Folder of the tree and where the source is. */
  readonly expected: readonly (readonly [string, string])[];
};

const rows: Readonly<Record<string, Row>> = {
  'nothing prepared and nothing installed gives nothing': {
    files: ['package-lock.json'],
    made: [],
    asked: 'pkg',
    expected: [],
  },
  'what was prepared under the lockfile comes first': {
    files: ['package-lock.json'],
    made: ['prepared:', 'installed:', 'fallback'],
    asked: '',
    expected: [['', 'prepared:']],
  },
  'a package takes what its workspace prepared, its own folder first': {
    files: ['package-lock.json', 'packages/a/package.json'],
    made: ['prepared:', 'prepared:packages/a', 'installed:packages/a'],
    asked: 'packages/a',
    expected: [
      ['packages/a', 'prepared:packages/a'],
      ['', 'prepared:'],
    ],
  },
  'the nearest lockfile counts': {
    files: ['package-lock.json', 'pkg/package-lock.json'],
    made: ['prepared:'],
    asked: 'pkg/sub',
    expected: [['pkg', 'prepared:']],
  },
  'the installation of the checkout serves where nothing was prepared': {
    files: ['package-lock.json'],
    made: ['installed:', 'installed:pkg', 'fallback'],
    asked: 'pkg',
    expected: [
      ['pkg', 'installed:pkg'],
      ['', 'installed:'],
    ],
  },
  'without a lockfile the installation serves too': {
    files: [],
    made: ['installed:'],
    asked: 'a/b',
    expected: [['', 'installed:']],
  },
  'the fallback comes last, beside the package': {
    files: [],
    made: ['fallback'],
    asked: 'pkg',
    expected: [['pkg', 'fallback']],
  },
};

for (const [title, { files, made, asked, expected }] of Object.entries(rows)) {
  test(title, async (t) => {
    const { folder, head } = makeRepository(
      t,
      Object.fromEntries(files.map((file) => [file, lockfile])),
    );
    const stateFolder = temporaryFolder(t);
    const apart = temporaryFolder(t);
    const placeOf = (name: string): string => {
      const [kind, inside = ''] = name.split(':');
      if (kind === 'fallback') return join(apart, 'node_modules');
      const top = kind === 'prepared' ? preparedFolder(stateFolder, Buffer.from(lockfile)) : folder;
      return join(top, inside, 'node_modules');
    };
    for (const name of made) await mkdir(placeOf(name), { recursive: true });
    const base = await openBaseTree(folder, head);
    t.teardown(() => base.close());
    const fallback = placeOf('fallback');
    const resolve = resolveDependencies({ base, stateFolder, repository: folder, fallback });
    const wanted = expected.map(async ([inside, name]) => ({
      folder: inside,
      source: await realpath(placeOf(name)),
    }));
    t.deepEqual(await resolve(asked), await Promise.all(wanted));
  });
}

test('folders go up to the top', (t) => {
  t.deepEqual(foldersUp('a/b/c'), ['a/b/c', 'a/b', 'a', '']);
  t.deepEqual(foldersUp(''), ['']);
});
