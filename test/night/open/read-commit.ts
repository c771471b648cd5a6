// SPDX-License-Identifier: GPL-3.0-only

import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../../src/data/user-error.ts';
import { takeSnapshot } from '../../../src/forge/snapshot.ts';
import { composeNight } from '../../../src/night/decide/compose-night.ts';
import { uncommitted } from '../../../src/night/open/base-files.ts';
import { extractBaseFolder } from '../../../src/night/open/extract-folder.ts';
import { openForge } from '../../../src/night/open/open-forge.ts';
import { readCommit } from '../../../src/night/open/read-commit.ts';
import { type BaseTree, openBaseTree } from '../../../src/workspace/base-tree.ts';
import { resolveRepository } from '../../../src/workspace/repository.ts';
import { type Files, makeRepository, temporaryFolder } from '../../workspace/with-repository.ts';
import { tinyConfig, tinyFlow, tinySpec } from '../support/tiny-house.ts';
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

test('two setups at once extract the same tools, and leave nothing beside them', async (t) => {
  const { folder, head } = makeRepository(t, { 'tools/a.ts': '1\n', 'tools/b/c.ts': '2\n' });
  const base = await openBaseTree(folder, head);
  t.teardown(base.close);
  const into = join(temporaryFolder(t), 'code');
  const both = [1, 2, 3].map(() => extractBaseFolder(base, 'tools', into));
  const [first = '', ...others] = await Promise.all(both);
  t.true(others.every((other) => other === first));
  t.deepEqual(readdirSync(first ?? '', { recursive: true }).sort(), ['a.ts', 'b', 'b/c.ts']);
  t.is(readdirSync(into).length, 1);
});

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
  const { setup, night } = await composeNight({
    ...{
      id: '2026-11-21',
      host: [],
      notices: [],
      branch: 'main',
      commitSettings: commit.config.commit,
    },
    ...{ commit, forge: await takeSnapshot(forge), state: house.state, say },
    ...{ startedAt: '2026-11-21T02:00:00Z', example: false },
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

for (const [driver, command] of [
  ['x', 'clean'],
  ['x.y=z', 'clean'],
  ['x', 'process'],
] as const) {
  test(`a filter of the repository does not run: ${driver}, ${command}`, async (t) => {
    const { folder, run } = makeRepository(t, {
      'specs/a.yaml': 'title: A\n',
      'specs/b.yaml': 'title: B\n',
    });
    const ran = join(temporaryFolder(t), 'ran');
    run(['config', `filter.${driver}.${command}`, `sh -c 'touch "${ran}"; cat'`]);
    run(['config', `filter.${driver}.required`, 'true']);
    const lines = `* filter=${driver}\n`;
    mkdirSync(join(folder, '.git/info'), { recursive: true });
    writeFileSync(join(folder, '.git/info/attributes'), lines);
    writeFileSync(join(folder, '.gitattributes'), lines);
    writeFileSync(join(folder, 'specs/b.yaml'), 'title: C\n');
    utimesSync(join(folder, 'specs/a.yaml'), 1, 1);
    t.deepEqual(await uncommitted(folder, ['specs']), ['specs/b.yaml']);
    t.false(existsSync(ran));
  });
}

const files = { 'specs/tidy.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };

test('a night that cannot be resumed is put aside and the next one is worked', async (t) => {
  const house = await makeHouse(t, files);
  const broken = join(house.state.traces, '2026-10-31');
  mkdirSync(broken, { recursive: true });
  writeFileSync(join(broken, 'night.json'), '{"version":99}\n');
  const { said, spec } = await house.night();
  t.is(spec('tidy').outcome, 'pull-request');
  t.true(said.some((line) => line.includes('2026-10-31 cannot be resumed')));
  t.true(existsSync(`${broken}.aside`));
  t.false(readdirSync(house.state.traces).includes('2026-10-31'));
});

test('asked for by name, it is an error and stays where it is', async (t) => {
  const house = await makeHouse(t, files);
  const broken = join(house.state.traces, '2026-10-31');
  mkdirSync(broken, { recursive: true });
  writeFileSync(join(broken, 'night.json'), '{"version":99}\n');
  await t.throwsAsync(house.night({ resume: true }), { instanceOf: UserError });
  t.true(existsSync(broken));
});

test('an interrupted night can be given up', async (t) => {
  const house = await makeHouse(t, files);
  const controller = new AbortController();
  const watch = { node: () => controller.abort(new Error('enough')), spec: () => {} };
  await t.throwsAsync(house.night({ watch, signal: controller.signal }), { message: 'enough' });
  const { said, folder } = await house.night({ giveUp: true });
  t.regex(said[0] ?? '', /^Night 2026-11-01 was put aside as \S+; its specs are collected again/);
  t.regex(folder, /2026-11-02$/);
  t.false(said.some((line) => line.startsWith('Resuming')));
});

test('what was found of an engine is said once when a night goes on', async (t) => {
  const bound = '    work: { engine: vllm, socket: /nowhere/e.sock, model: tiny }\n';
  const house = await makeHouse(t, { ...files, 'pantheon.yaml': tinyConfig('', bound) });
  const controller = new AbortController();
  const watch = { node: () => controller.abort(new Error('enough')), spec: () => {} };
  await t.throwsAsync(house.night({ watch, signal: controller.signal }), { message: 'enough' });
  const { said } = await house.night({ resume: true });
  t.regex(said[0] ?? '', /^Resuming night/);
  t.is(said.filter((line) => line.includes('/nowhere/e.sock')).length, 1, said.join('\n'));
});

const mistakes: Readonly<Record<string, readonly [Files, RegExp]>> = {
  'a broken manifest': [
    { 'agents/own/agent.yaml': 'name: own\nkind: model\n' },
    /^agents\/own\/agent\.yaml(?::\d+)*: /,
  ],
  'a name that stands twice': [
    {
      'agents/own/agent.yaml':
        'name: tiny.worker\nversion: "1"\ndescription: Twice.\nkind: model\nrole: work\nout: {}\n',
    },
    /^agents\/.*\/agent\.yaml: the agent "tiny\.worker" is in agents\/\w+ too/,
  ],
  'a prompt that is missing': [
    {
      'agents/own/agent.yaml':
        'name: own.worker\nversion: "1"\ndescription: Says nothing.\nkind: model\nrole: work\nout: {}\n',
      'flows/tiny.yaml': tinyFlow().replace('tiny.worker', 'own.worker'),
    },
    /^agents\/own\/prompt\.md: /,
  ],
};

for (const [title, [change, message]] of Object.entries(mistakes)) {
  test(`${title} is told of the file that was committed`, async (t) => {
    const house = await makeHouse(t, files);
    house.commit(change);
    const said: string[] = [];
    const end = await house.night({ say: (line) => said.push(line) }).catch((error) => error);
    const told =
      end instanceof UserError ? end.message : [...said, end.spec('tidy').reason].join('\n');
    t.regex(told, new RegExp(message.source, 'm'));
    t.false(told.includes(house.state.root), told);
  });
}

for (const role of ['gate', 'plan']) {
  test(`a repository cannot bring its own ${role}`, async (t) => {
    const house = await makeHouse(t, files);
    house.commit({
      'agents/own/agent.yaml': `name: own.${role}\nversion: "1"\ndescription: Says yes.\nkind: code\nrole: ${role}\nout: {}\n`,
      'agents/own/agent.ts': 'export const run = async () => ({ notes: "", result: {} });\n',
    });
    const error = await t.throwsAsync(house.night(), { instanceOf: UserError });
    t.regex(error?.message ?? '', new RegExp(`agent.yaml: role: .*cannot be its ${role}`));
    t.deepEqual(house.branches(), []);
  });
}
