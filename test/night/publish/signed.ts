// SPDX-License-Identifier: GPL-3.0-only
import { dirname } from 'node:path';
import test from 'ava';
import type { PullRequest } from '../../../src/forge/forge.ts';
import { publishSpec } from '../../../src/night/publish/publish-spec.ts';
import { alreadyDone } from '../../../src/night/record/already-done.ts';
import { readNight } from '../../../src/night/record/night-folder.ts';
import type { JournalRecord } from '../../../src/night/record/night-schemas.ts';
import { unrecorded } from '../../../src/night/run/open-session.ts';
import { decisionSchema } from '../../../src/review/gate/gate-agent.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { makeSshKey } from '../../workspace/with-key.ts';
import { makeRepository } from '../../workspace/with-repository.ts';
import { tinyConfig, tinySpec } from '../support/tiny-house.ts';
import { houseIn, makeHouse, passExams } from '../support/with-night.ts';

const files = { 'specs/box.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' };

const signedHouse = async (t: Parameters<typeof makeHouse>[0], config = tinyConfig()) => {
  const house = await makeHouse(t, { ...files, 'pantheon.yaml': config });
  const { key } = makeSshKey(t, house.run);
  house.run(['config', 'user.name', 'Eve']);
  house.run(['config', 'user.email', 'eve@example.org']);
  return { ...house, key };
};

test('what a night opens is signed where git signs, or the settings say so', async (t) => {
  const house = await signedHouse(t);
  house.run(['config', 'commit.gpgsign', 'true']);
  const { spec, folder } = await house.night();
  const { branch, commit } = spec('box');
  t.is(house.run(['rev-parse', branch ?? '']).trim(), commit ?? '');
  t.notThrows(() => house.run(['verify-commit', branch ?? '']));
  t.is(
    house.run(['log', '-1', '--format=%an %cn <%ce> %cI', branch ?? '']).trim(),
    'Pantheon Eve <eve@example.org> 2026-11-01T02:00:00+00:00',
  );
  t.is(house.run(['show', `${branch}:box/a.txt`]), 'a\ndone\n');
  t.is((await readNight(folder)).config.commit.sign, true);
  house.commit({ 'specs/cup.yaml': tinySpec('cup/'), 'cup/a.txt': 'a\n' });
  const next = await house.night();
  t.regex(next.spec('box').reason, /is open/);
  t.notThrows(() => house.run(['verify-commit', next.spec('cup').branch ?? '']));
});

test('a setting says not to', async (t) => {
  const house = await signedHouse(t, tinyConfig('commit: { sign: false }\n'));
  house.run(['config', 'commit.gpgsign', 'true']);
  const { spec } = await house.night();
  t.throws(() => house.run(['verify-commit', spec('box').branch ?? '']));
});

test('a missing key is told before anything is worked', async (t) => {
  const house = await signedHouse(t, tinyConfig('commit: { sign: true }\n'));
  house.run(['config', 'user.signingkey', '/nowhere/key']);
  await t.throwsAsync(house.night(), { message: /^git cannot sign commits \(.*nowhere.*\)\. Set/ });
  t.deepEqual(house.branches(), []);
  house.run(['config', '--unset', 'user.signingkey']);
  await t.throwsAsync(house.night(), { message: /^git cannot sign commits/ });
});

test('a key that is lost on the way costs the pull request, with the reason', async (t) => {
  const house = await signedHouse(t, tinyConfig('commit: { sign: true }\n'));
  const lose = { node: () => house.run(['config', 'user.signingkey', '/nowhere/key']) };
  const { spec } = await house.night({ watch: { ...lose, spec: () => {} } });
  t.is(spec('box').outcome, 'red-bin');
  t.regex(spec('box').reason, /^publish: git cannot sign commits \(.*nowhere/);
  t.deepEqual(house.branches(), []);
});

test('what was on its way when a night was killed is sent as it was signed then', async (t) => {
  const house = await signedHouse(t, tinyConfig('commit: { sign: true }\n'));
  // Each signature of such a key is another one.
  makeSshKey(t, house.run, 'ecdsa');
  const { folder } = await house.night();
  const night = await readNight(folder);
  const traces = openTraces(folder);
  const bundle = traces.read({ spec: 'box', unit: '_spec', node: 'merge' });
  const decision = decisionSchema.parse(JSON.parse(bundle?.files['output.json'] ?? '').result);
  const sent: string[] = [];
  const publish = async (records: JournalRecord[]) => {
    const journal = { ...unrecorded, append: (record: JournalRecord) => records.push(record) };
    const { signal } = new AbortController();
    const site = { night, folder, repository: house.folder, traces, signal, journal };
    const open = async ({ commit }: PullRequest) => {
      sent.push(commit);
      throw new Error('killed');
    };
    const forge = { list: async () => [], open };
    await t.throwsAsync(publishSpec({ ...site, ...alreadyDone(records) }, forge, 'box', decision), {
      message: 'killed',
    });
  };
  const records: JournalRecord[] = [];
  await publish(records);
  await publish(records);
  await publish([]);
  // A journal that names another commit sends nothing of it.
  const other = house.run(['rev-parse', 'main']).trim();
  await publish(records.map((record) => ({ ...record, commit: other }) as JournalRecord));
  t.is(sent[0], sent[1]);
  t.not(sent[0], sent[2]);
  t.notThrows(() => house.run(['verify-commit', sent[3] ?? '']));
  t.is(
    house.run(['rev-parse', `${sent[3]}^{tree}`]),
    house.run(['rev-parse', `${sent[0]}^{tree}`]),
  );
});

confinedTest('what runs in the sandbox sees neither the key nor an agent of keys', async (t) => {
  const repository = makeRepository(t, { 'docs/a.md': '# A\n' });
  const { key } = makeSshKey(t, repository.run);
  const checks = [`test ! -e ${key}`, `test ! -e ${dirname(key)}`, 'test -z "$SSH_AUTH_SOCK"'];
  const house = houseIn(t, repository);
  house.commit({
    'pantheon.yaml': 'commit: { sign: true }\n',
    'specs/a.yaml': `title: T\nscope: docs/\nacceptance: [Every note has a title]\nchecks: ${JSON.stringify(checks)}\n`,
  });
  await passExams(repository.folder, house.state, ['docops']);
  process.env.SSH_AUTH_SOCK = key;
  const { spec } = await house.night({ example: false });
  t.is(spec('a').outcome, 'pull-request', spec('a').reason);
  t.notThrows(() => house.run(['verify-commit', spec('a').branch ?? '']));
});
