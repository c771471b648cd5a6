// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import type { CompletionRequest } from '../../../src/engine/contract/engine.ts';
import { createDispatcher } from '../../../src/engine/dispatch/dispatcher.ts';
import { each } from '../../each.ts';
import { fakeClock } from './fake-clock.ts';
import { asking, open, range, scripted } from './with-dispatcher.ts';

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

each(order, {
  'the oldest goes first': [{ x: {}, y: {}, z: {} }, ['x', 'y', 'z']],
  'the highest priority goes before': [
    { x: {}, y: { priority: 2 }, z: { priority: 1 } },
    ['y', 'z', 'x'],
  ],
  'requests of one group follow each other': [
    { b1: { group: 'b' }, a1: { group: 'a' }, b2: { group: 'b' }, a2: { group: 'a' } },
    ['a1', 'a2', 'b1', 'b2'],
  ],
  'priority counts before the group': [
    { a1: { group: 'a' }, b1: { group: 'b', priority: 1 }, b2: { group: 'b' } },
    ['b1', 'b2', 'a1'],
  ],
  'a conversation that has begun goes on before a new one': [
    { new: { group: 'a' }, begun: { group: 'a', begun: true } },
    ['begun', 'new'],
  ],
});

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

/** A request of some agent: when it comes, how it is served, and when who asked gives up. */
const asked = fc.record({
  at: fc.nat(300),
  ms: fc.integer({ min: 1, max: 80 }),
  priority: fc.integer({ min: -2, max: 2 }),
  group: fc.constantFrom('a', 'b', 'c'),
  begun: fc.boolean(),
  busy: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3 })),
  retryAfterMs: fc.option(fc.nat(200), { nil: undefined }),
  fault: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, fc.constant(true)),
  stopAt: fc.option(fc.nat(600), { nil: undefined }),
});

test('never more than the slots, every request ends once, and nobody waits for ever', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(asked, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 0, max: 3 }),
      async (slots, requests, mostPassed) => {
        const clock = fakeClock();
        const source = scripted(clock);
        const dispatcher = createDispatcher({ slots, clock, mostPassed });
        const engine = dispatcher.engineFor(source, 'agent', slots);
        const ends = requests.map(() => [] as string[]);
        const stopped = new Set<number>();
        for (const [index, request] of requests.entries()) {
          const controller = new AbortController();
          const { at, stopAt, priority, group, begun, ...order } = request;
          clock.after(at, () => {
            const { messages, ...rest } = asking({ name: `${index}`, ...order } as never);
            engine
              .complete({
                ...rest,
                messages: begun ? [...messages.slice(0, 1), ...messages, ...messages] : messages,
                priority,
                group,
                signal: controller.signal,
              })
              .then(
                ({ text }) => ends[index]?.push(text === `${index}` ? 'answered' : 'mixed up'),
                (error) => ends[index]?.push(error.message),
              );
          });
          if (stopAt !== undefined) {
            clock.after(stopAt, () => {
              stopped.add(index);
              controller.abort(new Error('stopped'));
            });
          }
        }
        await clock.pass(60_000);
        t.true(source.most <= slots, `${source.most} in ${slots} slots`);
        t.is(source.running, 0);
        for (const [index, end] of ends.entries()) {
          const expected = requests[index]?.fault ? 'the engine is out' : 'answered';
          t.is(end.length, 1, `request ${index} ended ${end.length} times`);
          t.true(end[0] === expected || (end[0] === 'stopped' && stopped.has(index)), end[0]);
        }
        const figures = dispatcher.figures();
        await clock.pass(0);
        const { requests: counted, failures, agents } = await figures;
        // Who gave up before asking was never counted.
        t.true(counted <= requests.length);
        t.is(failures, ends.filter(([end]) => end === 'the engine is out').length);
        t.is(agents.agent?.requests, counted);
        dispatcher.close();
        t.is(clock.timers(), 0);
      },
    ),
    { numRuns: 100, seed: 4 },
  );
});

test('however many more urgent ones come, one waits for boundedly many', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 40 }),
      fc.integer({ min: 0, max: 6 }),
      async (priorities, mostPassed) => {
        const clock = fakeClock();
        const source = scripted(clock);
        const dispatcher = createDispatcher({ slots: 1, clock, mostPassed });
        const engine = dispatcher.engineFor(source, 'agent', 1);
        const all = priorities.map((priority, index) =>
          engine.complete(asking({ name: `${index}` }, { priority })),
        );
        await clock.pass(10 * priorities.length);
        await Promise.all(all);
        for (const index of priorities.keys()) {
          const place = source.came.indexOf(`${index}`);
          const younger = source.came.slice(0, place).filter((name) => Number(name) > index);
          // Each of the older ones in front of it may have been passed by as often.
          t.true(younger.length <= mostPassed * (index + 1), `${index}: ${source.came}`);
        }
      },
    ),
    { numRuns: 100, seed: 4 },
  );
});
