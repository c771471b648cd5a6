// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { BatchItem, Token } from 'node-llama-cpp';
import { createBatches, rankOf } from '../../../../src/engine/llama/model/batch-order.ts';

const item = (slot: number, length = 1): BatchItem => ({
  tokens: Array.from({ length }, (_, token) => token as Token),
  logits: [],
  evaluationPriority: rankOf(slot),
});

const orders = test.macro(
  (
    t,
    sequences: readonly (readonly [slot: number, length: number])[],
    size: number,
    expected: readonly (readonly [slot: number, amount: number])[],
  ) => {
    const items = sequences.map(([slot, length]) => item(slot, length));
    const taken = createBatches().strategy({ items, size });
    t.deepEqual(
      taken.map((one) => [Number(one.item.evaluationPriority), one.processAmount]),
      expected.map(([slot, amount]) => [slot, amount]),
    );
    for (const one of taken) t.true(items.includes(one.item), 'the very item');
  },
);

test(
  'one token each',
  orders,
  [
    [3, 1],
    [0, 1],
    [2, 1],
  ],
  512,
  [
    [0, 1],
    [2, 1],
    [3, 1],
  ],
);
test(
  'a long prompt waits for single tokens',
  orders,
  [
    [0, 600],
    [5, 1],
    [1, 2],
  ],
  512,
  [
    [0, 509],
    [1, 2],
    [5, 1],
  ],
);
test(
  'what does not fit waits',
  orders,
  [
    [4, 300],
    [2, 400],
  ],
  512,
  [
    [2, 212],
    [4, 300],
  ],
);
test('nothing', orders, [], 512, []);

test('a batch waits for sequences that write, and not for ever', async (t) => {
  const { strategy, whileWriting } = createBatches();
  const end = Promise.withResolvers<void>();
  const writing = [0, 1].map(() => whileWriting(() => end.promise));
  t.deepEqual(strategy({ items: [item(1)], size: 512 }), [], 'one of two is there');
  t.is(strategy({ items: [item(1), item(0)], size: 512 }).length, 2, 'both are');
  const waits = Array.from({ length: 1000 }, () => strategy({ items: [item(1)], size: 512 }));
  t.true(
    waits.some(({ length }) => length === 1),
    'it goes on without the other',
  );
  t.true(
    waits.slice(0, 20).every(({ length }) => length === 0),
    'after some microtasks',
  );
  end.resolve();
  await Promise.all(writing);
  t.is(strategy({ items: [item(1)], size: 512 }).length, 1, 'nobody writes');
});
