// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { sha256 } from '../../../src/data/digest.ts';
import type { ListedPullRequest, PullRequest } from '../../../src/forge/forge.ts';
import { publishSpec } from '../../../src/night/publish/publish-spec.ts';
import type { AlreadyDone } from '../../../src/night/record/already-done.ts';
import { readNight } from '../../../src/night/record/night-folder.ts';
import { unrecorded, unwatched } from '../../../src/night/run/open-session.ts';
import { decisionSchema } from '../../../src/review/gate/gate-agent.ts';
import { openTraces, type Traces } from '../../../src/trace/open-traces.ts';
import type { Files } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { wholeFile } from '../support/whole-file.ts';
import { makeHouse, readJson } from '../support/with-night.ts';
import { tamperings as all, editRecord, forgeBundle } from './tampering.ts';

const files = (id: string): Files => ({
  [`specs/${id}.yaml`]: tinySpec(`${id}/`),
  [`${id}/a.txt`]: 'a\n',
});

const title = '[skip ci] Fixes #1 for @admin';
const tamperings = new Map(Object.entries(all).map((row, index) => [`spec-${index}`, row]));
const shared = wholeFile();

/** A night in which all are tampered with, when the gate has just decided, and the next one. */
const worked = (async () => {
  const house = await makeHouse(
    shared,
    Object.assign({}, files('other'), files('cup'), ...[...tamperings.keys()].map(files), {
      'specs/titled.yaml': tinySpec('titled/').replace(/^title: .*/, `title: '${title}'`),
      'titled/a.txt': 'a\n',
    }),
  );
  const first = await house.night({
    watch: {
      ...unwatched,
      node: ({ spec, node, state }) => {
        const [, [tamper] = []] = tamperings.get(spec) ?? [];
        const proposal = join(house.state.traces, '2026-11-01', spec, 'pull-request');
        if (node === 'merge' && state === 'ok') tamper?.(proposal, house);
      },
    },
  });
  const branches = house.branches();
  return { house, first, branches, second: await house.night() };
})();

for (const [id, [what, [, reason]]] of tamperings) {
  test(`${what} is noticed before anything is opened`, async (t) => {
    const { first, branches, second } = await worked;
    const spec = first.spec(id);
    t.is(spec.outcome, 'red-bin');
    t.is(spec.branch, null);
    t.regex(spec.reason, /^publish: /);
    t.regex(spec.reason, reason);
    t.deepEqual(
      branches.filter((branch) => branch.startsWith(`pantheon/${id}-`)),
      [],
    );
    t.is(second.spec(id).outcome, 'pull-request', 'the next night tries it again');
  });
}

test('it costs those specs alone', async (t) => {
  const { first, branches } = await worked;
  const others = ['cup', 'other', 'titled'].map((id) => first.spec(id).branch ?? '');
  t.deepEqual(branches, others);
  t.deepEqual(first.summary, readJson(first.folder, 'summary.json'));
});

/** What publish takes to end a spec of the second night once more; each test has one of its own. */
const ended = async (id: string) => {
  const { house, second } = await worked;
  const { folder } = second;
  const traces = openTraces(folder);
  const bundle = traces.read({ spec: id, unit: '_spec', node: 'merge' });
  const decided = decisionSchema.parse(JSON.parse(bundle?.files['output.json'] ?? '').result);
  const proposal = join(folder, id, 'pull-request');
  const site = {
    night: await readNight(folder),
    folder,
    repository: house.folder,
    journal: unrecorded,
    traces: traces as Pick<Traces, 'read'>,
    published: new Map<string, never>() as AlreadyDone['published'],
    signal: new AbortController().signal,
  };
  const opened: string[] = [];
  const listed: ListedPullRequest[] = [];
  const forge = {
    list: async () => listed,
    open: async (pullRequest: PullRequest) => {
      opened.push(pullRequest.branch);
      listed.push({ pullRequest, state: 'open' });
      return {};
    },
  };
  const publish = (decision = decided, more: Partial<typeof site> = {}) =>
    publishSpec({ ...site, ...more }, forge, id, decision);
  /** The decision, brought in line with a record that was changed. */
  const agreeing = (change: Readonly<Record<string, unknown>>) => {
    editRecord(change)(proposal, house);
    const record = sha256(readFileSync(join(proposal, 'pull-request.json')));
    return { ...decided, record };
  };
  return { house, decided, proposal, opened, publish, agreeing };
};

const sent = (spec: string, commit: string, branch = '') =>
  new Map([[spec, { type: 'publish', state: 'done', spec, branch, commit } as const]]);

/* Somebody who could also change the gate's decision still has to show what two reviewers approved. */
for (const [what, [id, content, reason]] of Object.entries({
  'with another patch': [
    'spec-0',
    { 'spec-0/a.txt': 'evil\n' },
    /the commit does not contain the patch of spec-0-a-txt-\S+ that was approved/,
  ],
  'with a file more': [
    'spec-1',
    { 'spec-1/a.txt': 'a\ndone\n', 'stray.txt': 'x\n' },
    /the commit changes stray\.txt, which no approved unit does/,
  ],
} as const)) {
  test(`a commit, record and decision that agree are refused ${what}`, async (t) => {
    const { house, decided, proposal, opened, publish, agreeing } = await ended(id);
    // A journal that says so has opened nothing.
    const first = await publish(decided, { published: sent(id, 'c') });
    t.is(opened.length, 1);
    // An earlier part of the night has opened it: what became of it since is a person's doing.
    const { branch = '', commit: own = '' } = first.state === 'opened' ? first.pullRequest : {};
    t.is(own, decided.commit ?? '');
    t.is((await publish(decided, { published: sent(id, own, branch) })).state, 'opened');
    t.is(opened.length, 1);
    const commit = forgeBundle(proposal, house, content);
    const end = await publish({ ...agreeing({ commit }), commit });
    t.like(end, { state: 'refused', code: 'publish.tampered' });
    t.regex(end.state === 'refused' ? end.reason : '', reason);
    t.is(opened.length, 1);
  });
}

test('a hidden patch is not opened, whoever approved it', async (t) => {
  const { decided, opened, publish, agreeing } = await ended('spec-6');
  const [unit] = decided.units;
  const id = `_exam-${unit?.id}`;
  const units = decided.units.map((one) => ({ ...one, id }));
  const traces = openTraces((await worked).second.folder);
  // Both reviewers' bundles say of it what they say of the unit.
  const read: Traces['read'] = (address) => traces.read({ ...address, unit: unit?.id ?? '' });
  const record = agreeing({ units: { approved: [id], red: [] } });
  const end = await publish({ ...record, units }, { traces: { read } });
  t.is(end.state === 'refused' ? end.reason : '', `${id} is a patch of an exam`);
  t.deepEqual(opened, []);
});

test('a record of another commit than the gate decided is refused', async (t) => {
  const { house, proposal, opened, publish, agreeing } = await ended('spec-2');
  const commit = forgeBundle(proposal, house, { 'spec-2/a.txt': 'a\ndone\n' });
  const end = await publish(agreeing({ commit }));
  t.regex(end.state === 'refused' ? end.reason : '', /the gate decided commit \w+, not /);
  t.deepEqual(opened, []);
});

test('a decision that a reviewer’s own bundle contradicts is refused', async (t) => {
  const { decided, opened, publish } = await ended('spec-5');
  const { folder } = (await worked).second;
  const read: Traces['read'] = (address) => {
    const bundle = openTraces(folder).read(address);
    if (!bundle || address.node !== 'reviewB') return bundle;
    const review = JSON.parse(bundle.files['review.json'] ?? '');
    const files = { 'review.json': JSON.stringify({ ...review, verdict: 'reject' }) };
    return { ...bundle, files };
  };
  const end = await publish(decided, { traces: { read } });
  t.regex(end.state === 'refused' ? end.reason : '', /reviewB does not approve the patch of/);
  t.deepEqual(opened, []);
});

test('a review that was made from another patch is refused', async (t) => {
  const { decided, opened, publish } = await ended('spec-7');
  const { folder } = (await worked).second;
  const read: Traces['read'] = (address) => {
    const bundle = openTraces(folder).read(address);
    if (!bundle || address.node !== 'reviewB') return bundle;
    const inputs = bundle.facts.inputs.map((input) => ({ ...input, digest: 'f'.repeat(64) }));
    return { ...bundle, facts: { ...bundle.facts, inputs } };
  };
  const end = await publish(decided, { traces: { read } });
  t.regex(end.state === 'refused' ? end.reason : '', /reviewB was made from another bundle of/);
  t.deepEqual(opened, []);
});

test('a record that is none is refused, whatever the gate says of it', async (t) => {
  const { decided, proposal, opened, publish, agreeing } = await ended('spec-3');
  t.is((await publish(agreeing({ more: 1 }))).state, 'refused');
  for (const record of ['{', 'null']) {
    writeFileSync(join(proposal, 'pull-request.json'), record);
    t.is((await publish({ ...decided, record: sha256(record) })).state, 'refused');
  }
  t.deepEqual(opened, []);
});

test('a record and a decision that agree go nowhere but where the night decided', async (t) => {
  const { proposal, opened, publish, agreeing } = await ended('spec-4');
  const record = join(proposal, 'pull-request.json');
  const original = agreeing({});
  const before = readFileSync(record, 'utf8');
  for (const change of [
    { branch: 'main' },
    { branch: 'pantheon/other-12345678' },
    { spec: 'other' },
    { specDigest: 'f'.repeat(64) },
    { night: '2026-11-12' },
    { title: 'Trust me' },
    { base: 'f'.repeat(40) },
    { issue: 1 },
    { supersedes: ['pantheon/other-12345678'] },
    { units: { approved: [], red: [] } },
  ]) {
    const end = await publish(agreeing(change));
    const [key = ''] = Object.keys(change);
    t.is(end.state, 'refused', key);
    t.regex(end.state === 'refused' ? end.reason : '', new RegExp(`says another ${key} than`));
    writeFileSync(record, before);
  }
  t.deepEqual(opened, []);
  t.is((await publish(original)).state, 'opened');
});

test('what publish opens is what the gate decided, commit by commit', async (t) => {
  const { house, first } = await worked;
  const { branch, commit } = first.spec('other');
  t.is(house.run(['rev-parse', branch ?? '']).trim(), commit ?? '');
  t.is(house.run(['rev-parse', `${branch}^@`]), house.run(['rev-parse', 'main']));
  t.is(house.run(['show', `${branch}:other/a.txt`]), 'a\ndone\n');
  t.is(house.run(['show', '-s', '--format=%aI', branch ?? '']).trim(), '2026-11-01T02:00:00+00:00');
  const proposal = join(first.folder, 'other', 'pull-request');
  const kept = join(house.state.pullRequests, (branch ?? '').replaceAll('/', '__'));
  for (const name of ['pull-request.json', 'pr.md']) {
    t.is(readFileSync(join(kept, name), 'utf8'), readFileSync(join(proposal, name), 'utf8'));
  }
});

test('a title mentions nobody, closes no issue and skips no checks', async (t) => {
  const { house, first } = await worked;
  const spec = first.spec('titled');
  const message = house.run(['log', '-1', '--format=%B', spec.branch ?? '']);
  t.regex(message, /^\(skip ci\) Fixes # 1 for @ admin\n/);
  const proposal = join(first.folder, 'titled', 'pull-request');
  const { title: told, body } = readJson(proposal, 'pull-request.json') as PullRequest;
  t.is(told, '(skip ci) Fixes # 1 for @ admin');
  for (const text of [message, body]) t.notRegex(text, /\[skip ci\]|#1|@admin/);
  t.is(spec.title, title, 'what a person reads on this machine is what they wrote');
});
