// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import test from 'ava';
import { appendDecision } from '../../../src/forge/decisions.ts';
import { tinyConfig, tinyFlow, tinyHouse, tinySpec } from '../support/tiny-house.ts';
import { type House, makeHouse, passExams } from '../support/with-night.ts';

const outcomes = async (house: House): Promise<readonly string[]> => {
  const { summary } = await house.night();
  return summary.specs.map(({ id, outcome, reason }) => `${id} ${outcome}: ${reason}`);
};

const only = (lines: readonly string[]): string => lines[0] ?? '';

/** Merges as a person would who never heard of `pantheon accept`. */
const merge = ({ run }: House, branch: string | undefined): void => {
  run(['merge', '-q', '--no-ff', '-m', 'Take it', branch ?? '']);
};

const decide = (house: House, branch: string, decision: 'accept' | 'reject'): Promise<void> => {
  const commit = house.run(['rev-parse', branch]).trim();
  const pull = { branch, spec: 'tidy', specDigest: '', night: '', commit, digest: '' };
  return appendDecision(house.state.decisions, pull, { at: '2026-11-01T09:00:00Z', decision });
};

const open = /^tidy skipped: its pull request \S+ is open$/;
const done = /^tidy skipped: done: \S+ is merged$/;

test('one pull request, however often its spec comes by', async (t) => {
  const house = await makeHouse(t, { 'specs/tidy.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' });
  t.regex(only(await outcomes(house)), /^tidy pull-request: approved by both reviewers/);
  const branches = house.branches();
  t.is(branches.length, 1);
  const ids = house.run(['rev-parse', ...branches]);
  t.regex(only(await outcomes(house)), open);
  // Neither other commits nor other files change what a person has not answered yet.
  house.commit({ 'box/b.txt': 'b\n' });
  t.regex(only(await outcomes(house)), open);
  t.deepEqual(house.branches(), branches);
  t.is(house.run(['rev-parse', ...branches]), ids);

  merge(house, branches[0]);
  const { summary } = await house.night();
  const [ended] = summary.specs;
  t.regex(`${ended?.id} ${ended?.outcome}: ${ended?.reason}`, done);
  t.like(summary.earlier?.pulls[0], { spec: 'tidy', resolution: 'zero-touch' });
  t.like(summary.earlier, { counts: { 'zero-touch': 1, pending: 0 }, share: { value: 1 } });
});

test('a rejected one, or one whose branch was deleted, is closed until asked for again', async (t) => {
  const house = await makeHouse(t, { 'specs/tidy.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' });
  await outcomes(house);
  const [branch = ''] = house.branches();
  await decide(house, branch, 'reject');
  t.regex(only(await outcomes(house)), /^tidy skipped: .* was closed; .*--retry tidy/);

  const { spec } = await house.night({ retry: 'tidy' });
  t.is(spec('tidy').branch, `${branch}-r2`);
  t.regex(only(await outcomes(house)), /-r2 is open$/);
  house.run(['branch', '-D', `${branch}-r2`]);
  t.regex(only(await outcomes(house)), /-r2 was closed/);
  t.is((await house.night({ retry: 'tidy' })).spec('tidy').branch, `${branch}-r3`);
});

test('an older text’s open pull request is superseded by name', async (t) => {
  const house = await makeHouse(t, { 'specs/tidy.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' });
  await outcomes(house);
  const [older = ''] = house.branches();
  house.commit({ 'specs/tidy.yaml': tinySpec('box/', 'priority: 1\n') });
  const { spec, folder } = await house.night();
  t.not(spec('tidy').branch, older);
  t.is(house.branches().length, 2);
  t.true(
    readFileSync(`${folder}/tidy/pull-request/pr.md`, 'utf8').includes(`Supersedes \`${older}\``),
  );
});

test('a red bin waits until its files change', async (t) => {
  const house = await makeHouse(t, {
    'specs/tidy.yaml': tinySpec('box/'),
    'box/a.txt': 'a fail too hard\n',
    'elsewhere.txt': 'x\n',
  });
  t.is(only(await outcomes(house)), 'tidy red-bin: work: too hard');
  const unchanged = /^tidy skipped: ended red in night 2026-11-01 and nothing has changed since/;
  t.regex(only(await outcomes(house)), unchanged);
  house.commit({ 'elsewhere.txt': 'y\n' });
  t.regex(only(await outcomes(house)), unchanged);
  house.commit({ 'box/a.txt': 'a\n' });
  t.regex(only(await outcomes(house)), /^tidy pull-request/);
});

const causes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a specialist': {
    'agents/worker/rules/default.js': `${tinyHouse['agents/worker/rules/default.js']}// More.\n`,
  },
  'a prompt': { 'agents/worker/prompt.md': 'Try harder.\n' },
  'a manifest': {
    'agents/reviewer/agent.yaml': `${tinyHouse['agents/reviewer/agent.yaml']}# More.\n`,
  },
  'code that a code agent imports': { 'agents/checker/more.ts': 'export const more = 1;\n' },
  'a tool': { 'tools/stamp.ts': '// More.\n' },
  'the flow': { 'flows/tiny.yaml': tinyFlow({ work: ', retries: 1' }) },
  'what a command of tests may use': {
    'pantheon.yaml': tinyConfig('sandbox: { memory: 4095 }\n'),
  },
  'the gate’s settings': { 'pantheon.yaml': tinyConfig('gate: { maxFiles: 7 }\n') },
};

test('a red bin runs again when what it depends on changed', async (t) => {
  const house = await makeHouse(t, {
    'specs/tidy.yaml': tinySpec('box/'),
    'box/a.txt': 'a fail too hard\n',
  });
  await outcomes(house);
  t.regex(only(await outcomes(house)), /nothing has changed/);
  for (const [what, files] of Object.entries(causes)) {
    house.commit(files);
    // Other reviewers have sat no exam, and without a vote nothing is worked.
    await passExams(house.folder, house.state, ['tiny']);
    t.is(only(await outcomes(house)), 'tidy red-bin: work: too hard', what);
  }
  t.regex(only(await outcomes(house)), /nothing has changed/);
});

test('a profile sets limits of an agent otherwise', async (t) => {
  const house = await makeHouse(t, {
    'specs/tidy.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
    'pantheon.yaml': tinyConfig(
      '',
      '    work: { limits: { maxOutputTokens: 1, maxFailures: 1 } }\n',
    ),
  });
  t.regex(only(await outcomes(house)), /^tidy red-bin: work: .*cut at 1 tokens/);
});

test('rules are not held to the room that a model reserves for an answer', async (t) => {
  const house = await makeHouse(t, {
    'specs/tidy.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
    'agents/worker/agent.yaml': `${tinyHouse['agents/worker/agent.yaml']}limits: { maxOutputTokens: 1 }\n`,
  });
  t.regex(only(await outcomes(house)), /^tidy pull-request/);
});

test('a transient cause is tried every night', async (t) => {
  const house = await makeHouse(t, {
    'specs/tidy.yaml': tinySpec('box/'),
    'box/a.txt': 'transient throw 9\n',
  });
  t.regex(only(await outcomes(house)), /^tidy red-bin: work: the rules failed/);
  t.regex(only(await outcomes(house)), /^tidy red-bin: work: the rules failed/);
});

test('what is to be tried again must be there', async (t) => {
  const house = await makeHouse(t, { 'specs/tidy.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' });
  await t.throwsAsync(house.night({ retry: 'nobody' }), {
    name: 'UserError',
    message: /--retry: there is no spec "nobody"; there are .*tidy/,
  });
});

test('units left red get a pull request of their own once the first is merged', async (t) => {
  const house = await makeHouse(t, {
    'specs/tidy.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
    'box/b.txt': 'b fail too hard\n',
  });
  t.regex(only(await outcomes(house)), /^tidy pull-request: 1 of 2 units approved/);
  const [branch = ''] = house.branches();
  t.regex(only(await outcomes(house)), open);
  merge(house, branch);
  // The merge changed the files the spec reads, so the unit is tried once more, alone.
  const third = await house.night();
  t.is(third.spec('tidy').outcome, 'red-bin');
  t.deepEqual(
    third.spec('tidy').unitDetails.map(({ paths }) => paths),
    [['box/b.txt']],
  );
  t.regex(only(await outcomes(house)), /ended red in night 2026-11-03/);
  house.commit({ 'box/b.txt': 'b\n' });
  const fifth = await house.night();
  t.is(fifth.spec('tidy').branch, `${branch}-r2`);
  t.is(house.run(['diff', '--name-only', 'main', `${branch}-r2`]), 'box/b.txt\n');
  merge(house, `${branch}-r2`);
  t.regex(only(await outcomes(house)), /done: \S+-r2 is merged/);
});

test('nothing to do opens nothing, and is not done twice', async (t) => {
  const house = await makeHouse(t, {
    'specs/tidy.yaml': tinySpec('box/'),
    'box/a.txt': 'nothing keep\n',
  });
  const first = await house.night();
  t.is(first.spec('tidy').reason, 'everything is already as asked');
  t.is(first.spec('tidy').outcome, 'skipped');
  t.deepEqual(first.spec('tidy').units, { approved: 0, red: 0, skipped: 1 });
  const second = await house.night();
  t.is(second.spec('tidy').outcome, 'skipped');
  t.deepEqual(second.events, []);
  t.deepEqual(house.branches(), []);
});
