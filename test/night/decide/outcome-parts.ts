// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { configSchema, type Runtime } from '../../../src/config/schema.ts';
import { digestOf } from '../../../src/data/digest.ts';
import { outcomeParts } from '../../../src/night/decide/outcome-parts.ts';

type Flow = Parameters<typeof outcomeParts>[0];

const settings: Runtime = { engine: 'llama', model: 'tiny', contextTokens: 4565 };

const printOf = (runtime: Runtime, contextTokens = 4565, more: object = {}): string => {
  const bound = { digest: 'same', settings: runtime, probe: { contextTokens } };
  const agent = { manifest: { name: 'worker' }, digest: 'same' };
  const agents = new Map([['work', { agent, runtime: bound }]]);
  const flow = { definition: { name: 'tiny' }, agents } as unknown as Flow;
  return digestOf(outcomeParts(flow, configSchema.parse(more)));
};

const changes: Readonly<Record<string, string>> = {
  contextTokens: printOf({ ...settings, contextTokens: 8192 }),
  'the context that a server has': printOf(settings, 8192),
  slots: printOf({ ...settings, slots: 2 }),
  threads: printOf({ ...settings, threads: 2 }),
  processes: printOf({ ...settings, processes: 1 }),
  device: printOf({ ...settings, device: 'CPU' }),
  tests: printOf(settings, 4565, { tests: 'npm test' }),
  'what tests may use': printOf(settings, 4565, { sandbox: { memory: 8192 } }),
  'the gate': printOf(settings, 4565, { gate: { maxFiles: 7 } }),
};

test('every setting that decides whether an answer can come counts as a change', (t) => {
  const before = printOf(settings);
  t.is(printOf({ ...settings }), before);
  for (const [what, print] of Object.entries(changes)) t.not(print, before, what);
  t.is(new Set(Object.values(changes)).size, Object.keys(changes).length);
});
