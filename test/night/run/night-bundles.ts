// SPDX-License-Identifier: GPL-3.0-only

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { envelope } from '../../../src/agent/dialects/envelope.ts';
import { qwen } from '../../../src/agent/dialects/qwen.ts';
import { openRuleBook } from '../../../src/boundary/rules/rule-book.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { pantheonVersion } from '../../../src/data/installation.ts';
import type { RuntimeIdentity } from '../../../src/engine/contract/engine.ts';
import type { BoundModelAgent, NodeRequest } from '../../../src/night/open/bound-agent.ts';
import type { RunnableFlow } from '../../../src/night/open/open-flow.ts';
import type { DecidedSpec } from '../../../src/night/record/night-schemas.ts';
import { runNode } from '../../../src/night/run/run-node.ts';
import type { Session } from '../../../src/night/run/session.ts';
import { writeSpans } from '../../../src/night/run/write-spans.ts';
import { usageSchema } from '../../../src/trace/model-usage.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { createOverlay } from '../../../src/workspace/overlay.ts';
import { agent, engineOf, input, reach, script, tools } from '../../agent/with-loop.ts';
import { readSpans } from '../../trace/otlp.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { makeHouse, nodesOf } from '../support/with-night.ts';

test('every finished node leaves a bundle, a skipped one none', async (t) => {
  const house = await makeHouse(t, {
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
    'box/b.txt': 'b fail no\n',
  });
  const { folder } = await house.night();
  const traces = openTraces(folder);
  const records = nodesOf(folder);
  // A hidden patch may go along with a unit.
  t.is(records.filter(({ unit }) => !unit.startsWith('_exam-')).length, 10);
  for (const { spec, unit, node, status, bundle } of records) {
    const recorded = traces.read({ spec, unit, node });
    t.is(recorded?.identity, bundle);
    t.is(recorded === undefined, status === 'skipped', `${unit}/${node}`);
    if (!recorded) continue;
    t.is('error.json' in recorded.files, status === 'failed');
    t.true('input.json' in recorded.files && 'metrics.json' in recorded.files);
  }
});

test('a bundle names the bundles it was made from', async (t) => {
  const house = await makeHouse(t, { 'specs/one.yaml': tinySpec('box/'), 'box/a.txt': 'a\n' });
  const { folder, spec } = await house.night();
  const unit = spec('one').unitDetails[0]?.id ?? '';
  const traces = openTraces(folder);
  const identity = (node: string, of = unit) =>
    traces.read({ spec: 'one', unit: of, node })?.identity ?? 'none';
  const inputs = (node: string, of = unit) =>
    traces.read({ spec: 'one', unit: of, node })?.facts.inputs;
  t.deepEqual(inputs('work'), [{ node: 'plan', unit: '_spec', digest: identity('plan', '_spec') }]);
  t.deepEqual(inputs('reviewA'), [
    { node: 'work', unit, digest: identity('work') },
    { node: 'test', unit, digest: identity('test') },
  ]);
  t.deepEqual(
    inputs('merge', '_spec')
      ?.map(({ node, digest }) => [node, digest])
      .sort(),
    [
      ['plan', identity('plan', '_spec')],
      ...['work', 'test', 'reviewA', 'reviewB'].map((node) => [node, identity(node)]),
    ].sort(),
  );
});

test('reviewers are blind to each other', async (t) => {
  const house = await makeHouse(t, {
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a lines 1 REJECT-A hush\n',
  });
  const { folder, spec } = await house.night();
  const unit = spec('one').unitDetails[0]?.id ?? '';
  for (const node of ['reviewA', 'reviewB']) {
    const bundle = openTraces(folder).read({ spec: 'one', unit, node });
    const { inputs } = JSON.parse(bundle?.files['input.json'] ?? '');
    t.deepEqual(Object.keys(inputs).sort(), ['test', 'work']);
  }
});

const identity: RuntimeIdentity = {
  engine: 'vllm',
  origin: 'unix-socket',
  version: '0.32.0',
  model: 'Qwen/Qwen3-8B',
  modelDigest: 'd'.repeat(64),
  adapter: 'tester@3',
  adapterDigest: 'e'.repeat(64),
  seed: 7,
  temperature: 0,
};

const said = (name: string, args: object): string =>
  `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`;
const end = { status: 'ok', notes: 'Done.', metrics: {}, result: { changed: true } };

/** A working agent on an engine of that identity, which calls `echo` and ends. */
const request = (who: RuntimeIdentity, ending: object = end): NodeRequest => {
  const rules = who.engine === 'rules';
  const written = (name: string, args: object) =>
    rules ? JSON.stringify({ type: 'tool', name, args }) : said(name, args);
  const last = rules ? JSON.stringify({ type: 'final', output: ending }) : said('final', ending);
  const bound = {
    agent: { manifest: agent, folder: '/nowhere', prompt: 'You test.', digest: 'r' },
    runtime: {
      engine: engineOf(script(written('echo', { text: 'SECRET' }), last)),
      probe: { identity: who, contextTokens: 100_000, slots: 1 },
      settings: { engine: who.engine, seed: 7 },
      dialect: rules ? envelope : qwen,
      digest: 'f'.repeat(64),
    },
    tools,
  } as unknown as BoundModelAgent;
  return {
    agent: bound,
    node: 'work',
    input,
    overlay: createOverlay(emptyTree, reach),
    reach,
    rules: ruleBook,
    codeContext: {
      executor: { confinement: 'nothing', run: () => Promise.reject(new Error('none')) },
    },
    signal: new AbortController().signal,
  } as unknown as NodeRequest;
};

const ruleBook = openRuleBook({ own: async () => [], runBy: [] });
test.after.always(() => ruleBook.close());

const emptyTree = {
  repository: '/nowhere',
  commit: '0'.repeat(40),
  entries: new Map(),
  read: async () => new Uint8Array(),
  close: async () => {},
};

test('metrics.json says what answered once, and what each answer cost', async (t) => {
  const { files, failure } = await runNode(request(identity));
  t.is(failure, undefined);
  const metrics = JSON.parse(files['metrics.json'] ?? '');
  const { runtime, completions, toolTimes } = usageSchema.parse(metrics);
  const { seed: _, ...answering } = identity;
  t.deepEqual(runtime, { ...answering, dialect: 'qwen' });
  t.deepEqual(
    completions.map(({ step, finish, seed }) => ({ step, finish, seed })),
    [
      { step: 1, finish: 'stop', seed: 7 },
      { step: 2, finish: 'stop', seed: 7 },
    ],
  );
  t.deepEqual(
    toolTimes.map(({ step }) => step),
    [1],
  );
  t.like(metrics, { steps: 2, caughtAfterLowering: 0 });
  t.true(Math.abs(metrics.startedAt - Date.now()) < 60_000 && metrics.ms >= 0);
});

test('the answers of rules say nothing and are left out', async (t) => {
  const { adapter: _, adapterDigest: __, model: ___, ...others } = identity;
  const { files } = await runNode(request({ ...others, engine: 'rules', origin: 'in-process' }));
  const metrics = JSON.parse(files['metrics.json'] ?? '');
  t.like(metrics, { steps: 2, toolCalls: 1 });
  for (const key of ['runtime', 'completions', 'toolTimes']) t.false(key in metrics, key);
});

for (const [engine, notes, message] of [
  ['rules', 'a.md is binary', 'a.md is binary'],
  ['rules', '', 'declined without a reason'],
  ['vllm', 'the rest is silence', 'the model declined: "the rest is silence"'],
  ['vllm', ' ', 'declined without a reason'],
] as const) {
  test(`${engine} that decline with "${notes}": the reason says whose words it holds`, async (t) => {
    const ending = { status: 'fail', notes, metrics: {}, result: {} };
    const { failure } = await runNode(request({ ...identity, engine }, ending));
    t.like(failure, { code: 'declined', message });
  });
}

const spansOf = test.macro(async (t, engine: 'vllm' | 'rules', there: boolean) => {
  const folder = temporaryFolder(t);
  const traces = openTraces(folder);
  const { files } = await runNode(request(identity));
  const facts = { night: 'n', agent: 'tester@1', inputs: [] };
  traces.write({ spec: 'tidy', unit: 'a-1', node: 'work' }, files, facts);
  const profiles = { own: { default: { engine: 'rules' }, tester: { engine } } };
  const session = {
    night: { id: 'n', base: { commit: 'b' }, profile: 'own' },
    folder,
    traces,
    config: configSchema.parse({ profile: 'own', profiles }),
  } as unknown as Session;
  const definition = { name: 'docops', nodes: [{ id: 'work', agent: 'tester', inputs: ['root'] }] };
  const manifests = new Map([['work', agent]]);
  const flow = { definition, manifests } as unknown as RunnableFlow;
  await writeSpans(session, flow, { spec: { id: 'tidy' } } as unknown as DecidedSpec);
  const file = join(folder, 'tidy', 'spans.jsonl');
  t.is(existsSync(file), there);
  if (!there) return;
  const text = readFileSync(file, 'utf8');
  t.false(text.includes('SECRET'));
  t.true(text.includes(`"version":"${pantheonVersion}"`));
  t.deepEqual(
    readSpans(text).map(({ name }) => name),
    [
      'invoke_agent tester',
      'chat Qwen/Qwen3-8B',
      'chat Qwen/Qwen3-8B',
      'execute_tool echo',
      'invoke_workflow docops',
    ],
  );
});
test('a spec that a model worked on leaves its spans', spansOf, 'vllm', true);
test('a spec that rules worked on leaves none', spansOf, 'rules', false);
