// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import test from 'ava';
import { bindRuntime } from '../../src/config/bind-runtime.ts';
import { cronSchema } from '../../src/config/cron.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { decodeSource } from '../../src/data/read-source.ts';
import { UserError } from '../../src/data/user-error.ts';
import { badDocuments } from '../data/bad-documents.ts';
import { each } from '../each.ts';

const shipped = loadConfig({
  name: 'pantheon.yaml',
  text: readFileSync(new URL('../../pantheon.yaml', import.meta.url), 'utf8'),
});

const config = (profiles: string) =>
  loadConfig({ name: 'pantheon.yaml', text: `profile: p\nprofiles: { p: ${profiles} }` });

test('the shipped file and no file at all mean the same night', (t) => {
  const { profiles, ...rest } = loadConfig(undefined);
  const { profiles: shippedProfiles, ...shippedRest } = shipped;
  const { train: _, ...github } = shippedRest.github;
  // This repository's chores are those that ship, and what it trains by day is no part of a night.
  t.deepEqual({ ...shippedRest, github }, { ...rest, chores: [] });
  t.deepEqual(shippedProfiles.embedded, profiles.embedded);
  t.is(rest.flow, 'spec2code');
});

test('the shipped profiles bind as printed, missing keys inherited', (t) => {
  const flow = ['plan.validate', 'codegen.qwen8b', 'doc.frontmatter', 'review.peer', 'review.peer'];
  const nodes = flow.map((agent, at) => ({ id: `n${at}`, agent }));
  const vllm = {
    engine: 'vllm',
    socket: '/run/pantheon/engine.sock',
    model: 'Qwen/Qwen3-8B',
    slots: 64,
  };
  const bound = (profile?: string) =>
    Object.fromEntries(
      nodes.slice(1).map((node) => [node.id, bindRuntime(shipped, profile, nodes, node).runtime]),
    );
  t.deepEqual<unknown, unknown>(bound('gpu'), {
    n1: vllm,
    n2: { engine: 'openvino', model: 'models/qwen2.5-3b-int4-ov', device: 'CPU' },
    n3: { ...vllm, adapter: 'review.peer@3', seed: 1 },
    n4: { engine: 'ollama', model: 'qwen3:4b' },
  });
  t.deepEqual<unknown, unknown>(bound(), {
    n1: { engine: 'rules' },
    n2: { engine: 'rules' },
    n3: { engine: 'rules', rules: 'by-acceptance' },
    n4: { engine: 'rules', rules: 'by-redoing' },
  });
});

const node = { agent: 'agent', id: 'node' };

const binds = test.macro({
  exec(t, profiles: string, expected: object) {
    t.deepEqual(bindRuntime(config(profiles), undefined, [node], node).runtime, expected as never);
  },
  title: (what = '') => `${what}`,
});

each(binds, {
  'by node id before agent name': [
    '{ default: {engine: rules}, node: {rules: a}, agent: {rules: b} }',
    { engine: 'rules', rules: 'a' },
  ],
  'by agent name': [
    '{ default: {engine: rules}, agent: {rules: b} }',
    {
      engine: 'rules',
      rules: 'b',
    },
  ],
  'by a list of one': [
    '{ default: {engine: rules}, agent: [{rules: b}] }',
    {
      engine: 'rules',
      rules: 'b',
    },
  ],
  'by default': ['{ default: {engine: rules}, other: {rules: b} }', { engine: 'rules' }],
  'another engine takes over only what is neutral': [
    '{ default: {engine: vllm, socket: /s, model: m, slots: 9, adapter: a, contextTokens: 5, device: CPU, seed: 3, temperature: 0.5}, agent: {engine: ollama} }',
    { engine: 'ollama', seed: 3, temperature: 0.5 },
  ],
  'another model leaves the old one’s adapter and context behind': [
    '{ default: {engine: vllm, socket: /s, model: m, adapter: a, contextTokens: 5, slots: 9}, agent: {model: n} }',
    { engine: 'vllm', socket: '/s', model: 'n', slots: 9 },
  ],
  'the same engine named again inherits all': [
    '{ default: {engine: vllm, socket: /s, model: m, adapter: a}, agent: {engine: vllm, seed: 1} }',
    { engine: 'vllm', socket: '/s', model: 'm', adapter: 'a', seed: 1 },
  ],
  'a URL of its own replaces the socket': [
    '{ default: {engine: vllm, socket: /s, model: m}, agent: {url: "http://127.0.0.1:1"} }',
    { engine: 'vllm', model: 'm', url: 'http://127.0.0.1:1' },
  ],
});

test('a node whose id is its agent’s name may take the agent’s list', (t) => {
  const same = { agent: 'agent', id: 'agent' };
  const listed = config('{ default: {engine: rules}, agent: [{rules: a}] }');
  const { runtime, setting } = bindRuntime(listed, 'p', [same], same);
  t.is(setting, 'profiles.p.agent[0]');
  t.is(runtime.rules, 'a');
});

const two = '{ default: {engine: rules}, agent: [{rules: a}, {rules: b}] }';

const refused = test.macro({
  exec(t, run: () => unknown, message: string | RegExp) {
    t.throws(run, { instanceOf: UserError, message });
  },
  title: (what = '') => `refuses ${what}`,
});

each(refused, {
  'too many in a list': [
    () => bindRuntime(config(two), 'p', [node], node),
    'pantheon.yaml: profiles.p.agent: lists 2 runtimes for 1 node of the flow. Write one for each, in their order',
  ],
  'too few in a list': [
    () => bindRuntime(config(two), 'p', [node, { ...node, id: 'b' }, { ...node, id: 'c' }], node),
    'pantheon.yaml: profiles.p.agent: lists 2 runtimes for 3 nodes of the flow. Write one for each, in their order',
  ],
  'a list for one node': [
    () =>
      bindRuntime(config('{ default: {engine: rules}, node: [{rules: a}] }'), 'p', [node], node),
    /"node" is one node/,
  ],
  'an unknown profile asked for': [
    () => bindRuntime(shipped, 'gpuu', [node], node),
    'pantheon.yaml: unknown profile "gpuu" (did you mean "gpu"?). The profiles are: embedded, picker, reviewers, gpu',
  ],
  'a profile named like a built-in property': [
    () => bindRuntime(shipped, 'constructor', [node], node),
    /unknown profile "constructor"/,
  ],
  'an unknown profile in the file': [
    () => loadConfig({ name: 'p.yaml', text: 'flow: docops\nprofile: nope' }),
    'p.yaml:2:1: profile: unknown profile "nope". The profiles are: embedded',
  ],
  'a profile without a default': [
    () => config('{ agent: {engine: rules} }'),
    'pantheon.yaml:2:13: profiles.p: needs a "default" runtime with an engine',
  ],
  'an unknown engine': [
    () => config('{ default: {engine: vlm} }'),
    'pantheon.yaml:2:28: profiles.p.default.engine: must be rules, llama, openvino, vllm, ollama or openai (did you mean "vllm"?)',
  ],
  'an unknown key in a binding': [
    () => config('{ default: {engine: vllm, soket: /s} }'),
    /soket: unknown key \(did you mean "socket"\?\)/,
  ],
});
for (const [setting, says] of [
  ['slots: 0', 'slots: must be more than 0, not 0'],
  ['processes: 900', 'processes: must be at most 64, not 900'],
  ['threads: 900', 'threads: must be at most 512, not 900'],
  ['temperature: -1', 'temperature: must be at least 0, not -1'],
]) {
  test(
    setting ?? '',
    refused,
    () => config(`{ default: {engine: llama, ${setting}} }`),
    `pantheon.yaml:2:43: profiles.p.default.${says}`,
  );
}

for (const { what, bytes } of badDocuments) {
  test(`refuses ${what} as settings`, (t) => {
    const error = t.throws(
      () => loadConfig(decodeSource(Buffer.from(bytes as string), 'bad.yaml')),
      { instanceOf: UserError },
    );
    t.regex(error?.message ?? '', /^bad\.yaml/);
  });
}

for (const text of [
  '17 2 * * *',
  '*/15 0-6/2 1,15 JAN-mar MON-FRI',
  '0,30 23 31 12 0,6',
  '59 0 1 1 SUN',
  '5/10 * * * *',
]) {
  test(`GitHub takes ${text}`, (t) => {
    t.is(cronSchema.safeParse(text).error, undefined);
  });
}

for (const [text, why] of [
  ['@daily', /five fields/],
  ['0 2 * *', /five fields/],
  ['0 2 * * * *', /five fields/],
  ['0  2 * * *', /five fields/],
  ['60 2 * * *', /its minute is invalid/],
  ['1-70 2 * * *', /its minute is invalid/],
  ['9-5 2 * * *', /its minute is invalid/],
  ['1-2-3 2 * * *', /its minute is invalid/],
  ['*/0 2 * * *', /its minute is invalid/],
  ['5/ 2 * * *', /its minute is invalid/],
  ['-- 2 * * *', /its minute is invalid/],
  ['1,,2 2 * * *', /its minute is invalid/],
  ['0 24 * * *', /its hour is invalid/],
  ['0 2 0 * *', /its day of the month is invalid/],
  ['0 2 * 13 *', /its month is invalid/],
  ['0 2 * MON *', /its month is invalid/],
  ['0 2 * * 7', /its day of the week is invalid/],
] as const) {
  test(`GitHub does not take ${text}`, (t) => {
    t.regex(cronSchema.safeParse(text).error?.issues[0]?.message ?? 'it was taken', why);
  });
}
