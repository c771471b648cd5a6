// SPDX-License-Identifier: GPL-3.0-only

import { availableParallelism } from 'node:os';
import test from 'ava';
import type { Message } from '../../../../src/engine/contract/engine.ts';
import { chooseLayout } from '../../../../src/engine/llama/pool/measure.ts';
import type { ModelFacts } from '../../../../src/engine/llama/pool/model-calls.ts';
import { poolChecks } from '../../../../src/engine/llama/pool/pool-checks.ts';
import { layoutOf } from '../../../../src/engine/llama/pool/pool-layout.ts';
import { chooseSlot, type Slot } from '../../../../src/engine/llama/pool/slot-choice.ts';
import { each } from '../../../each.ts';

const message = (content: string): Message => ({ role: 'user', content });
const slot = (process: number, index: number, more: Partial<Slot> = {}): Slot => ({
  process,
  index,
  pending: 0,
  free: Promise.resolve(),
  used: 0,
  conversations: new Map(),
  ...more,
});
const holding = (...contents: readonly string[]) => new Map([['', contents.map(message)]]);
const asked = ['system', 'task', 'answer', 'reply'].map(message);

const picks = test.macro((t, slots: readonly Slot[], expected: number, adapter?: string) => {
  const chosen = chooseSlot(slots, adapter ?? '', asked);
  t.is(chosen && slots.indexOf(chosen), expected);
});

each(picks, {
  'the slot that answered in the conversation': [
    [slot(0, 0), slot(0, 1, { used: 9, conversations: holding('system', 'task', 'answer') })],
    1,
  ],
  'not where another adapter answered': [
    [slot(0, 0), slot(0, 1, { used: 9, conversations: holding('system', 'task', 'answer') })],
    0,
    'other',
  ],
  'not a busy one': [
    [slot(0, 0, { pending: 1, conversations: holding('system', 'task') }), slot(0, 1, { used: 5 })],
    1,
  ],
  'the process with less to do': [
    [slot(0, 0, { pending: 1 }), slot(0, 1), slot(1, 0, { used: 3 })],
    2,
  ],
  'one that was never used, so that loops that wait for a tool keep theirs': [
    [slot(0, 0, { used: 4, conversations: holding('system', 'other') }), slot(0, 1)],
    1,
  ],
  'the one that is idle the longest': [[slot(0, 0, { used: 4 }), slot(0, 1, { used: 2 })], 1],
  'the one with the fewest before it, where all have some': [
    [
      slot(0, 0, { pending: 2, conversations: holding('system', 'task') }),
      slot(0, 1, { pending: 1 }),
    ],
    1,
  ],
});

const rates = (...pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([threads, tokensPerSecond]) => ({ threads, tokensPerSecond }));
const small = { modelBytes: 8e6, gpu: undefined };
const large = { modelBytes: 5e9, gpu: undefined };

for (const [what, [facts, cores, processes, threads]] of Object.entries({
  'a small model: processes': [{ ...small, rates: rates([1, 2800], [2, 7]) }, 2, 2, 1],
  'a small model that threads help a little': [
    { ...small, rates: rates([1, 100], [2, 150], [4, 180]) },
    4,
    4,
    1,
  ],
  'a model that threads help as much': [
    { ...small, rates: rates([1, 10], [2, 21], [4, 45]) },
    4,
    1,
    4,
  ],
  'a large model: threads': [{ ...large, rates: rates([1, 4], [2, 7], [4, 12]) }, 4, 1, 4],
  'a GPU: one process': [{ ...small, gpu: 'cuda', rates: [] }, 16, 1, 1],
} as const)) {
  test(`layout of ${what}`, (t) => {
    t.deepEqual(chooseLayout(facts, cores), { processes, threads });
  });
}

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

test('a slow model answers fewer at once', (t) => {
  const unset = { processes: 1, threads: undefined, slots: undefined };
  const slotsAt = (tokensPerSecond: number, slots?: number) =>
    layoutOf({ ...unset, slots }, { ...facts, rates: rates([1, tokensPerSecond]) }).slots;
  t.is(slotsAt(2_000), 8);
  t.is(slotsAt(50), 5);
  t.is(slotsAt(9), 4);
  t.is(slotsAt(9, 16), 16, 'what a person sets counts');
});

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
