// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { CompletionRequest } from '../../../src/engine/contract/engine.ts';
import { asking, open, range } from './with-dispatcher.ts';

type Waiter = Partial<CompletionRequest> & { readonly begun?: true };

const order = test.macro(
  async (t, waiting: Readonly<Record<string, Waiter>>, expected: readonly string[]) => {
    const { clock, source, ask } = open(1);
    const asked = [
      ask({ name: 'first' }, { group: 'a' }),
      ...Object.entries(waiting).map(([name, { begun, ...more }]) => {
        const request = asking({ name }, more);
        const [system, user] = request.messages;
        const messages = begun && system && user ? [system, user, user] : request.messages;
        return ask({ name }, { ...more, messages });
      }),
    ];
    await clock.pass(1000);
    await Promise.all(asked);
    t.deepEqual(source.came, ['first', ...expected]);
  },
);

test('the oldest goes first', order, { x: {}, y: {}, z: {} }, ['x', 'y', 'z']);
test('the highest priority goes before', order, { x: {}, y: { priority: 2 }, z: { priority: 1 } }, [
  'y',
  'z',
  'x',
]);
test(
  'requests of one group follow each other',
  order,
  { b1: { group: 'b' }, a1: { group: 'a' }, b2: { group: 'b' }, a2: { group: 'a' } },
  ['a1', 'a2', 'b1', 'b2'],
);
test(
  'priority counts before the group',
  order,
  { a1: { group: 'a' }, b1: { group: 'b', priority: 1 }, b2: { group: 'b' } },
  ['b1', 'b2', 'a1'],
);
test(
  'a conversation that has begun goes on before a new one',
  order,
  { new: { group: 'a' }, begun: { group: 'a', begun: true } },
  ['begun', 'new'],
);

test('nobody is passed by for ever', async (t) => {
  const { clock, source, ask } = open(1, 5);
  const low = ask({ name: 'low' }, { priority: -1 });
  const first = ask({ name: 'low2' }, { priority: -1 });
  const asked: Promise<unknown>[] = [low, first];
  // As fast as they are answered, more urgent ones come.
  for (const index of range(30)) {
    asked.push(ask({ name: `high${index}` }, { priority: 9 }));
    await clock.pass(10);
  }
  await clock.pass(1000);
  await Promise.all(asked);
  t.is(source.came.indexOf('low2'), 6);
});

for (const [slots, passing] of [
  [1, 4],
  [4, 8],
  [100, 64],
] as const) {
  test(`one group keeps others waiting for ${passing} of its requests on ${slots} slots`, async (t) => {
    const { clock, source, ask } = open(slots);
    const asked: Promise<unknown>[] = range(slots).map((index) =>
      ask({ name: `first${index}` }, { group: 'a' }),
    );
    asked.push(ask({ name: 'other' }, { group: 'b' }));
    // As fast as they are answered, more of the same group come.
    for (const index of range(200)) asked.push(ask({ name: `more${index}` }, { group: 'a' }));
    await clock.pass(5000);
    await Promise.all(asked);
    t.is(source.came.indexOf('other'), slots + passing);
  });
}
