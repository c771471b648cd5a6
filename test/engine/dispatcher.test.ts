// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { createDispatcher } from '../../src/engine/dispatcher.ts';
import {
  BusyFault,
  type CompletionRequest,
  EngineFault,
  type Load,
} from '../../src/engine/engine.ts';
import { fakeClock } from './fake-clock.ts';
import { asking, type Order, scripted } from './with-dispatcher.ts';

const open = (slots: number, mostPassed?: number) => {
  const clock = fakeClock();
  const source = scripted(clock);
  const dispatcher = createDispatcher({
    slots,
    clock,
    ...(mostPassed !== undefined && { mostPassed }),
  });
  const engine = dispatcher.engineFor(source, 'writer', slots);
  const ask = (order: Order, more?: Partial<CompletionRequest>) =>
    engine.complete(asking(order, more));
  return { clock, source, dispatcher, engine, ask };
};

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

test('no more than the slots are sent, and all are answered', async (t) => {
  const { clock, source, ask } = open(4);
  const asked = range(10).map((index) => ask({ name: `${index}` }));
  await clock.pass(30);
  t.deepEqual(
    (await Promise.all(asked)).map(({ text }) => text),
    range(10).map(String),
  );
  t.is(source.most, 4);
});

test('an engine that says it holds fewer gets fewer', async (t) => {
  const { clock, source, dispatcher, ask } = open(8);
  dispatcher.engineFor(source, 'reader', 3);
  const asked = range(9).map((index) => ask({ name: `${index}` }));
  await clock.pass(30);
  await Promise.all(asked);
  t.is(source.most, 3);
});

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

test('a full engine is asked again, ever later, and lower', async (t) => {
  const { clock, source, dispatcher, ask } = open(10);
  const times: number[] = [];
  const { complete } = source;
  const engine = dispatcher.engineFor(
    {
      ...source,
      complete: (request) => {
        times.push(clock.now());
        return complete(request);
      },
    },
    'late',
    10,
  );
  const asked = engine.complete(asking({ name: 'late', busy: 3 }));
  await clock.pass(1000);
  const { text, timing } = await asked;
  t.is(text, 'late');
  t.deepEqual(times, [0, 50, 150, 350]);
  t.deepEqual(timing, { queued: 350, firstToken: 355, total: 360 });
  const { limit, retries, requests, failures, queueMs } = await dispatcher.figures();
  t.is(limit, 2, 'at 1 it was answered');
  t.deepEqual({ retries, requests, failures }, { retries: 3, requests: 1, failures: 0 });
  t.is(queueMs.max, 350);
  // Answers bring it back up, one for each round.
  const more = range(60).map((index) => ask({ name: `${index}` }));
  await clock.pass(1000);
  await Promise.all(more);
  t.is((await dispatcher.figures()).limit, 10);
});

test('the time a server asks for is kept, whatever is answered in between', async (t) => {
  const { clock, source, ask } = open(4);
  const long = ask({ name: 'long', ms: 100 });
  const full = ask({ name: 'full', busy: 1, retryAfterMs: 2_000 });
  await clock.pass(5);
  const other = ask({ name: 'other' });
  await clock.pass(1_900);
  await long;
  t.deepEqual(source.came, ['long', 'full']);
  await clock.pass(300);
  await Promise.all([full, other]);
  t.deepEqual(source.came, ['long', 'full', 'full', 'other']);
});

test('refusals of one round lower the limit once', async (t) => {
  const { clock, dispatcher, ask } = open(10);
  const asked = range(10).map((index) => ask({ name: `${index}`, busy: index < 4 ? 1 : 0 }));
  await clock.pass(0);
  t.is((await dispatcher.figures()).limit, 7);
  await clock.pass(1000);
  await Promise.all(asked);
});

test('who is refused for too long is told so', async (t) => {
  const { clock, dispatcher, ask } = open(2);
  const asked = ask({ name: 'never', busy: 1000 }, { idleTimeoutMs: 1e6 });
  const refused = t.throwsAsync(asked, { instanceOf: BusyFault, message: 'the engine is full' });
  await clock.pass(300_000);
  await refused;
  const { requests, failures, retries } = await dispatcher.figures();
  t.deepEqual({ requests, failures }, { requests: 1, failures: 1 });
  t.true(retries >= 10 && retries < 30);
});

test('every other fault goes to who asked at once', async (t) => {
  const { clock, source, ask } = open(2);
  const refused = t.throwsAsync(ask({ name: 'out', fault: true }), { instanceOf: EngineFault });
  await clock.pass(10);
  await refused;
  t.deepEqual(source.came, ['out']);
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

test('who asks hears when it begins to wait and when it no longer does', async (t) => {
  const { clock, ask } = open(1);
  const told: string[] = [];
  const onQueue = (name: string) => (waits: boolean) =>
    told.push(`${name} ${waits ? 'waits' : 'goes'} at ${clock.now()}`);
  const controller = new AbortController();
  const asked = [
    ask({ name: 'one', ms: 100 }, { onQueue: onQueue('one') }),
    ask({ name: 'two', ms: 100 }, { onQueue: onQueue('two') }),
  ];
  const { signal } = controller;
  const stopped = t.throwsAsync(ask({ name: 'three' }, { onQueue: onQueue('three'), signal }));
  await clock.pass(50);
  controller.abort(new Error('enough'));
  await stopped;
  await clock.pass(1000);
  await Promise.all(asked);
  t.deepEqual(told, ['two waits at 0', 'three waits at 0', 'three goes at 50', 'two goes at 100']);
});

test('waiting is no silence, and an abort ends it at once', async (t) => {
  const { clock, source, ask } = open(1);
  const long = ask({ name: 'long', ms: 10_000 });
  const controller = new AbortController();
  const told: number[] = [];
  const waiting = ask(
    { name: 'waiting' },
    {
      signal: controller.signal,
      onProgress: () => told.push(clock.now()),
      idleTimeoutMs: 300,
    },
  );
  const patient = ask({ name: 'patient' }, { idleTimeoutMs: 60_000 });
  await clock.pass(950);
  t.deepEqual(told, [100, 200, 300, 400, 500, 600, 700, 800, 900]);
  const stopped = t.throwsAsync(waiting, { message: 'enough' });
  controller.abort(new Error('enough'));
  await stopped;
  await clock.pass(20_000);
  await Promise.all([long, patient]);
  t.deepEqual(source.came, ['long', 'patient']);
  t.is(clock.timers(), 0);
});

test('an abort during an answer frees the slot', async (t) => {
  const { clock, ask } = open(1);
  const controller = new AbortController();
  const stopped = t.throwsAsync(ask({ name: 'one', ms: 1e6 }, { signal: controller.signal }));
  const next = ask({ name: 'two' });
  await clock.pass(10);
  controller.abort();
  await stopped;
  await clock.pass(10);
  t.is((await next).text, 'two');
});

test('a queue that grows at the server lowers the limit; one that is there holds it', async (t) => {
  const { clock, source, dispatcher, ask } = open(10);
  const asked = range(400).map((index) => ask({ name: `${index}`, ms: 100 }));
  const limitAfter = async (ms: number) => {
    await clock.pass(ms);
    return (await dispatcher.figures()).limit;
  };
  source.waiting = 4;
  t.is(await limitAfter(1050), 7);
  t.is(await limitAfter(1000), 7, 'it does not grow');
  source.waiting = 0;
  await limitAfter(1000);
  t.is(await limitAfter(2000), 10);
  await clock.pass(10_000);
  await Promise.all(asked);
});

test('closing ends what waits', async (t) => {
  const { clock, dispatcher, engine, ask } = open(1);
  const long = ask({ name: 'long' });
  const waits = t.throwsAsync(ask({ name: 'waits' }), { instanceOf: EngineFault });
  dispatcher.close();
  await waits;
  await t.throwsAsync(engine.complete(asking({ name: 'late' })), { instanceOf: EngineFault });
  await clock.pass(100);
  t.is((await long).text, 'long');
  t.is(clock.timers(), 0);
});

test('an answer that did not wait is given as it came', async (t) => {
  const { clock, ask } = open(1);
  const asked = ask({ name: 'one' });
  await clock.pass(10);
  t.deepEqual((await asked).timing, { firstToken: 5, total: 10 });
});

test('figures tell how full the batch was, for the engine and each agent', async (t) => {
  const { clock, source, dispatcher, ask } = open(2);
  const reader = dispatcher.engineFor(source, 'reader', 2);
  await dispatcher.begin();
  await clock.pass(1000);
  // 0-100 ms: writer and reader; 100-200: writer alone; then nothing; then reader's fault.
  const asked = [
    ask({ name: 'w', ms: 200 }),
    reader.complete(asking({ name: 'r', ms: 100 })),
    ask({ name: 'w2', ms: 100 }, { idleTimeoutMs: 1e6 }),
  ];
  await clock.pass(500);
  await Promise.all(asked);
  const failing = t.throwsAsync(reader.complete(asking({ name: 'f', ms: 100, fault: true })));
  await clock.pass(100);
  await failing;
  const { agents, ...all } = await dispatcher.figures();
  t.like(all, {
    requests: 4,
    failures: 1,
    retries: 0,
    busySeconds: 0.3,
    tokens: { prompt: 300, cached: 75, completion: 150 },
    prefixHitRate: 0.25,
    slots: 2,
    limit: 2,
  });
  t.is(all.batch.toFixed(3), (5 / 3).toFixed(3));
  t.is(all.tokensPerSecond, 500);
  t.is(all.queueMs.max, 100);
  t.is(all.queueMs.mean.toFixed(1), '33.3');
  t.like(agents.writer, { requests: 2, failures: 0, busySeconds: 0.2, batch: 1.5 });
  t.like(agents.reader, { requests: 2, failures: 1, busySeconds: 0.2, batch: 1 });
  await dispatcher.begin();
  const again = await dispatcher.figures();
  t.like(again, { requests: 0, busySeconds: 0, batch: 0, prefixHitRate: null });
  t.like(again.agents.writer, { requests: 0, tokensPerSecond: 0 });
});

test('where answers tell no cached tokens, the server may', async (t) => {
  const clock = fakeClock();
  const source = scripted(clock);
  const dispatcher = createDispatcher({ slots: 1, clock });
  const counts = { prefixQueries: 1000, prefixHits: 100 };
  const usage = { prompt: 100, cached: 0, completion: 1 };
  const { complete } = source;
  const engine = dispatcher.engineFor(
    {
      ...source,
      complete: async (request) => ({ ...(await complete(request)), usage }),
      load: async () => ({ running: 0, waiting: 0, ...counts }),
    },
    'writer',
    1,
  );
  await dispatcher.begin();
  counts.prefixQueries += 200;
  counts.prefixHits += 150;
  const asked = engine.complete(asking({ name: 'one' }));
  await clock.pass(10);
  await asked;
  t.is((await dispatcher.figures()).prefixHitRate, 0.75);
  usage.cached = 50;
  const told = engine.complete(asking({ name: 'two' }));
  await clock.pass(10);
  await told;
  t.is((await dispatcher.figures()).prefixHitRate, 0.25, 'the answers tell more exactly');
});

const badLoads: Readonly<Record<string, () => Promise<Load | undefined>>> = {
  'tells nothing': async () => undefined,
  'cannot be read': async () => {
    throw new Error('half a line');
  },
  'never comes': () => new Promise(() => {}),
};

for (const [what, load] of Object.entries(badLoads)) {
  test(`a load that ${what} changes nothing`, async (t) => {
    const clock = fakeClock();
    const dispatcher = createDispatcher({ slots: 4, clock });
    const engine = dispatcher.engineFor({ ...scripted(clock), load }, 'writer', 4);
    const begun = dispatcher.begin();
    await clock.pass(2_000);
    await begun;
    const asked = range(8).map((index) =>
      engine.complete(asking({ name: `${index}`, ms: 5_000 }, { idleTimeoutMs: 1e6 })),
    );
    await clock.pass(20_000);
    await Promise.all(asked);
    const figures = dispatcher.figures();
    await clock.pass(2_000);
    t.like(await figures, { limit: 4, requests: 8, failures: 0 });
  });
}
