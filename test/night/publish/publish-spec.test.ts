// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import type { PullRequest } from '../../../src/forge/forge.ts';
import { publishSpec } from '../../../src/night/publish/publish-spec.ts';
import { readNight } from '../../../src/night/record/night-folder.ts';
import { unrecorded, unwatched } from '../../../src/night/run/open-session.ts';
import type { NightWatch } from '../../../src/night/run/session.ts';
import { decisionSchema } from '../../../src/review/gate/gate-agent.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { plainGit } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { type House, makeHouse, readJson } from '../support/with-night.ts';

/** What somebody does between the gate's decision and publish. */
type Tampering = (proposal: string, house: House) => void;

const editRecord =
  (change: Readonly<Record<string, unknown>>): Tampering =>
  (proposal) => {
    const record = readJson(proposal, 'pull-request.json');
    const changed = { ...(record as object), ...change };
    writeFileSync(join(proposal, 'pull-request.json'), JSON.stringify(changed, null, 2));
  };

/** A bundle of another commit on the same base, under the name the gate's bundle has. */
const forgeBundle = (proposal: string, { folder, run }: House, files: Record<string, string>) => {
  const clone = join(proposal, 'clone');
  run(['clone', '-q', folder, clone]);
  const git = plainGit(clone);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(clone, path), text);
  git(['add', '-A']);
  git(['commit', '-q', '-m', 'Forged']);
  git(['update-ref', 'refs/pantheon/commit', 'HEAD']);
  git([
    'bundle',
    'create',
    '-q',
    join(proposal, 'commit.bundle'),
    'refs/pantheon/commit',
    '^HEAD~1',
  ]);
  const commit = git(['rev-parse', 'HEAD']).trim();
  rmSync(clone, { recursive: true });
  return commit;
};

const rows: Readonly<Record<string, readonly [Tampering, RegExp]>> = {
  'the bundle’s bytes': [
    (proposal) => {
      const file = join(proposal, 'commit.bundle');
      const bytes = readFileSync(file);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40);
      writeFileSync(file, bytes);
    },
    /commit\.bundle|index-pack|bundle/,
  ],
  'the bundle cut short': [
    (proposal) => {
      const file = join(proposal, 'commit.bundle');
      writeFileSync(file, readFileSync(file).subarray(0, 100));
    },
    /bundle/,
  ],
  'the bundle taken away': [
    (proposal) => rmSync(join(proposal, 'commit.bundle')),
    /commit\.bundle/,
  ],
  'a bundle of another commit': [
    (proposal, house) => {
      forgeBundle(proposal, house, { 'box/a.txt': 'evil\n' });
    },
    /is not a git bundle of/,
  ],
  'a bundle of another commit, and the record to match': [
    (proposal, house) => {
      const commit = forgeBundle(proposal, house, { 'box/a.txt': 'evil\n' });
      editRecord({ commit })(proposal, house);
    },
    /pull-request\.json/,
  ],
  'the record’s branch': [editRecord({ branch: 'main' }), /pull-request\.json/],
  'the record’s branch, to another of ours': [
    editRecord({ branch: 'pantheon/other-12345678' }),
    /pull-request\.json/,
  ],
  'the record’s text': [editRecord({ body: '# Trust me\n' }), /pull-request\.json/],
  'the record’s title': [editRecord({ title: 'Trust me' }), /pull-request\.json/],
  'the record’s spec': [editRecord({ spec: 'other' }), /pull-request\.json/],
  'the record’s units': [editRecord({ units: { approved: ['x'], red: [] } }), /pull-request\.json/],
  'the record’s digest': [editRecord({ digest: 'f'.repeat(64) }), /pull-request\.json/],
  'the record’s shape': [editRecord({ more: 1 }), /pull-request\.json/],
  'the record’s syntax': [
    (proposal) => writeFileSync(join(proposal, 'pull-request.json'), '{'),
    /pull-request\.json/,
  ],
  'the record taken away': [
    (proposal) => rmSync(join(proposal, 'pull-request.json')),
    /pull-request\.json/,
  ],
};

/** Acts at the very moment the gate has decided: before anything else can happen. */
const afterGate = (act: () => void): NightWatch => ({
  ...unwatched,
  node: ({ spec, node, state }) => {
    if (spec === 'tidy' && node === 'merge' && state === 'ok') act();
  },
});

const files = {
  'specs/tidy.yaml': tinySpec('box/'),
  'specs/other.yaml': tinySpec('cup/'),
  'box/a.txt': 'a\n',
  'cup/a.txt': 'a\n',
};

for (const [title, [tamper, reason]] of Object.entries(rows)) {
  test(`${title} is noticed before anything is opened`, async (t) => {
    const house = await makeHouse(t, files);
    const proposal = join(house.state.traces, '2026-11-01', 'tidy', 'pull-request');
    const { spec, folder, summary } = await house.night({
      watch: afterGate(() => tamper(proposal, house)),
    });
    t.is(spec('tidy').outcome, 'red-bin');
    t.is(spec('tidy').branch, null);
    t.regex(spec('tidy').reason, /^publish: /);
    t.regex(spec('tidy').reason, reason);
    // It costs that spec alone, and the next night tries it again.
    t.is(spec('other').outcome, 'pull-request');
    t.deepEqual(house.branches(), [spec('other').branch ?? '']);
    t.deepEqual(summary, readJson(folder, 'summary.json'));
    t.is((await house.night()).spec('tidy').outcome, 'pull-request');
  });
}

/* Somebody who could also change the gate's decision still has to show what two reviewers approved. */
const consistent: Readonly<Record<string, readonly [Readonly<Record<string, string>>, RegExp]>> = {
  'with another patch': [
    { 'box/a.txt': 'evil\n' },
    /the commit does not contain the patch of box-a-txt-\S+ that was approved/,
  ],
  'with a file more': [
    { 'box/a.txt': 'a\ndone\n', 'stray.txt': 'x\n' },
    /the commit changes stray\.txt, which no approved unit does/,
  ],
};

/** A night that has ended, with what publish takes to end it once more. */
const endedNight = async (t: ExecutionContext) => {
  const house = await makeHouse(t, files);
  const { folder } = await house.night();
  const night = await readNight(folder);
  const bundle = openTraces(folder).read({ spec: 'tidy', unit: '_spec', node: 'merge' });
  const decided = decisionSchema.parse(JSON.parse(bundle?.files['output.json'] ?? '').result);
  const proposal = join(folder, 'tidy', 'pull-request');
  const site = {
    night,
    folder,
    repository: house.folder,
    journal: unrecorded,
    published: new Set<string>(),
    signal: new AbortController().signal,
  };
  const opened: string[] = [];
  const forge = {
    list: async () => [],
    open: async ({ branch }: PullRequest) => {
      opened.push(branch);
      return {};
    },
  };
  /** The decision, brought in line with a record that was changed. */
  const agreeing = (change: Readonly<Record<string, unknown>>) => {
    editRecord(change)(proposal, house);
    const record = sha256(readFileSync(join(proposal, 'pull-request.json')));
    return { ...decided, record };
  };
  return { house, decided, proposal, site, opened, forge, agreeing };
};

for (const [title, [content, reason]] of Object.entries(consistent)) {
  test(`a commit, record and decision that agree are refused ${title}`, async (t) => {
    const { house, decided, proposal, site, opened, forge, agreeing } = await endedNight(t);
    t.is((await publishSpec(site, forge, 'tidy', decided)).state, 'opened');
    // An earlier part of the night has opened it: what became of it since is a person's doing.
    const resumed = { ...site, published: new Set([decided.commit ?? '']) };
    t.is((await publishSpec(resumed, forge, 'tidy', decided)).state, 'opened');
    t.is(opened.length, 1);

    const commit = forgeBundle(proposal, house, content);
    const end = await publishSpec(site, forge, 'tidy', { ...agreeing({ commit }), commit });
    t.is(end.state, 'refused');
    t.regex(end.state === 'refused' ? end.reason : '', reason);
    t.is(opened.length, 1);
  });
}

test('a record of another commit than the gate decided is refused', async (t) => {
  const { house, proposal, site, opened, forge, agreeing } = await endedNight(t);
  const commit = forgeBundle(proposal, house, { 'box/a.txt': 'a\ndone\n' });
  const end = await publishSpec(site, forge, 'tidy', agreeing({ commit }));
  t.regex(end.state === 'refused' ? end.reason : '', /the gate decided commit \w+, not /);
  t.deepEqual(opened, []);
});

test('a record that is none is refused, whatever the gate says of it', async (t) => {
  const { decided, proposal, site, opened, forge, agreeing } = await endedNight(t);
  const reasons = [agreeing({ more: 1 }), '{', 'null'].map(async (record) => {
    if (typeof record !== 'string') return record;
    writeFileSync(join(proposal, 'pull-request.json'), record);
    return { ...decided, record: sha256(record) };
  });
  for (const decision of reasons) {
    const end = await publishSpec(site, forge, 'tidy', await decision);
    t.is(end.state, 'refused');
  }
  t.deepEqual(opened, []);
});

test('a record and a decision that agree go nowhere but where the night decided', async (t) => {
  const { proposal, site, opened, forge, agreeing } = await endedNight(t);
  const record = join(proposal, 'pull-request.json');
  const original = agreeing({});
  for (const change of [
    { branch: 'main' },
    { branch: 'pantheon/other-12345678' },
    { spec: 'other' },
    { specDigest: 'f'.repeat(64) },
    { night: '2026-11-02' },
    { title: 'Trust me' },
    { base: 'f'.repeat(40) },
    { issue: 1 },
    { supersedes: ['pantheon/other-12345678'] },
    { units: { approved: [], red: [] } },
  ]) {
    const before = readFileSync(record, 'utf8');
    const end = await publishSpec(site, forge, 'tidy', agreeing(change));
    const [key = ''] = Object.keys(change);
    t.is(end.state, 'refused', key);
    t.regex(end.state === 'refused' ? end.reason : '', new RegExp(`says another ${key} than`));
    writeFileSync(record, before);
  }
  t.deepEqual(opened, []);
  t.is((await publishSpec(site, forge, 'tidy', original)).state, 'opened');
});

test('a branch of that name that holds something else stays as it is', async (t) => {
  const house = await makeHouse(t, files);
  const first = await house.night();
  const branch = first.spec('tidy').branch ?? '';
  const other = house.run(['rev-parse', 'main']).trim();
  house.run(['branch', '-f', branch, 'main']);
  rmSync(house.state.pullRequests, { recursive: true });
  rmSync(house.state.outcomes);
  const { spec } = await house.night();
  t.is(spec('tidy').outcome, 'red-bin');
  t.regex(spec('tidy').reason, /already exists with another commit\. Rename or delete it/);
  t.is(house.run(['rev-parse', branch]).trim(), other);
});

test('what publish opens is what the gate decided, commit by commit', async (t) => {
  const house = await makeHouse(t, files);
  const { spec, folder } = await house.night();
  const { branch, commit } = spec('tidy');
  t.is(house.run(['rev-parse', branch ?? '']).trim(), commit ?? '');
  t.is(house.run(['rev-parse', `${branch}^@`]), house.run(['rev-parse', 'main']));
  t.is(house.run(['show', `${branch}:box/a.txt`]), 'a\ndone\n');
  t.is(house.run(['show', '-s', '--format=%aI', branch ?? '']).trim(), '2026-11-01T02:00:00+00:00');
  const record = join(folder, 'tidy', 'pull-request', 'pull-request.json');
  const kept = join(house.state.pullRequests, (branch ?? '').replaceAll('/', '__'));
  t.is(readFileSync(join(kept, 'pull-request.json'), 'utf8'), readFileSync(record, 'utf8'));
  t.is(
    readFileSync(join(kept, 'pr.md'), 'utf8'),
    readFileSync(join(folder, 'tidy/pull-request/pr.md'), 'utf8'),
  );
});

test('a title mentions nobody, closes no issue and skips no checks', async (t) => {
  const title = '[skip ci] Fixes #1 for @admin';
  const house = await makeHouse(t, {
    'specs/one.yaml': tinySpec('box/').replace(/^title: .*/, `title: '${title}'`),
    'box/a.txt': 'a\n',
  });
  const { folder, spec } = await house.night();
  const message = house.run(['log', '-1', '--format=%B', spec('one').branch ?? '']);
  t.regex(message, /^\(skip ci\) Fixes # 1 for @ admin\n/);
  const { title: told, body } = readJson(
    join(folder, 'one', 'pull-request'),
    'pull-request.json',
  ) as PullRequest;
  t.is(told, '(skip ci) Fixes # 1 for @ admin');
  for (const text of [message, body]) t.notRegex(text, /\[skip ci\]|#1|@admin/);
  t.is(spec('one').title, title, 'what a person reads on this machine is what they wrote');
});
