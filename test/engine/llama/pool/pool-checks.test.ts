// SPDX-License-Identifier: GPL-3.0-only
import { availableParallelism } from 'node:os';
import test from 'ava';
import type { ModelFacts } from '../../../../src/engine/llama/pool/model-calls.ts';
import { poolChecks } from '../../../../src/engine/llama/pool/pool-checks.ts';

const facts: ModelFacts = {
  version: '3',
  contextTokens: 512,
  trainedTokens: 512,
  modelBytes: 1,
  bytesPerToken: 1,
  template: 'model',
  gpu: undefined,
  rates: [],
};

const cores = availableParallelism();

const layouts: readonly (readonly [
  what: string,
  layout: Parameters<typeof poolChecks>[0]['layout'],
  state: 'ok' | 'warn',
])[] = [
  ['a core for each thread', { processes: 1, threads: cores, slots: 8 }, 'ok'],
  ['more threads than cores', { processes: 1, threads: cores + 1, slots: 8 }, 'warn'],
  ['more processes than cores', { processes: cores + 1, threads: 1, slots: 8 }, 'warn'],
];

for (const [what, layout, state] of layouts) {
  test(`${what}: ${state}`, (t) => {
    const checks = poolChecks({ facts, layout }, 'profiles.p.default', undefined);
    const slots = checks.find(({ name }) => name === 'slots');
    t.is(slots?.state, state);
    if (state === 'warn') {
      t.regex(
        slots?.fix ?? '',
        /^lower profiles\.p\.default\.threads or .*: this machine has \d+ core/,
      );
    }
  });
}
