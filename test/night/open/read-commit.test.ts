// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { createNight } from '../../../src/night/decide/create-night.ts';
import { openForge } from '../../../src/night/open/open-forge.ts';
import { readCommit } from '../../../src/night/open/read-commit.ts';
import { type BaseTree, openBaseTree } from '../../../src/workspace/base-tree.ts';
import { resolveRepository } from '../../../src/workspace/repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

/** A tree that counts how often each of its files is read. */
const counting = (base: BaseTree) => {
  const pathOf = new Map([...base.entries].map(([path, { oid }]) => [oid, path]));
  const readings = new Map<string, number>();
  const read: BaseTree['read'] = (oid) => {
    const path = pathOf.get(oid) ?? oid;
    readings.set(path, (readings.get(path) ?? 0) + 1);
    return base.read(oid);
  };
  return { readings, tree: { ...base, read } };
};

test('a night that is created reads each file of its commit once', async (t) => {
  const house = await makeHouse(t, {
    'models.lock': 'version: 1\nmodels: {}\n',
    'flows/unused.yaml': 'name: unused\n',
    'specs/one.yaml': tinySpec('a/'),
    'specs/two.yaml': tinySpec('b/'),
    'specs/broken.yaml': 'title: 1\n',
    'a/one.txt': 'one\n',
    'b/two.txt': 'two\n',
  });
  const repository = await resolveRepository(house.folder);
  const base = await openBaseTree(repository.root, repository.head);
  t.teardown(base.close);
  const { readings, tree } = counting(base);
  const commit = await readCommit(tree);
  const say = () => {};
  const forge = await openForge({
    ...{ repository, state: house.state, config: commit.config },
    ...{ say, otherwise: 'local' as const },
  });
  const { setup, night } = await createNight({
    ...{ repository, commit, forge, state: house.state, say },
    ...{ startedAt: '2026-11-21T02:00:00Z', example: false },
    signal: new AbortController().signal,
  });
  await setup.close();
  t.is(night.specs.length, 2);
  t.deepEqual(
    [...readings].filter(([, times]) => times !== 1),
    [],
  );
  for (const path of ['pantheon.yaml', 'models.lock', 'flows/tiny.yaml', 'specs/one.yaml']) {
    t.is(readings.get(path), 1, path);
  }
  t.false(readings.has('flows/unused.yaml'));
});
