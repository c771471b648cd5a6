// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { BusyFault, EngineFault, type PrefixCounts } from '../../../src/engine/contract/engine.ts';
import { createDispatcher } from '../../../src/engine/dispatch/dispatcher.ts';
import { fakeClock } from './fake-clock.ts';
import { asking, open, range, scripted } from './with-dispatcher.ts';

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

test('an answer that did not wait is given as it came', async (t) => {
  const { clock, ask } = open(1);
  const asked = ask({ name: 'one' });
  await clock.pass(10);
  t.deepEqual((await asked).timing, { firstToken: 5, total: 10 });
});

test('every other fault goes to who asked at once', async (t) => {
  const { clock, source, ask } = open(2);
  const refused = t.throwsAsync(ask({ name: 'out', fault: true }), { instanceOf: EngineFault });
  await clock.pass(10);
  await refused;
  t.deepEqual(source.came, ['out']);
});

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

test('an abort ends waiting at once', async (t) => {
  const { clock, source, ask } = open(1);
  const long = ask({ name: 'long', ms: 10_000 });
  const controller = new AbortController();
  const waiting = ask({ name: 'waiting' }, { signal: controller.signal });
  const patient = ask({ name: 'patient' });
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

test('a full engine is asked again, ever later', async (t) => {
  const { clock, source, dispatcher } = open(10);
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
  const { retries, requests, failures, queueMs } = await dispatcher.figures();
  t.deepEqual({ retries, requests, failures }, { retries: 3, requests: 1, failures: 0 });
  t.is(queueMs.max, 350);
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

const badCounts: Readonly<Record<string, () => Promise<PrefixCounts>>> = {
  'cannot be read': async () => {
    throw new Error('half a line');
  },
  'never comes': () => new Promise(() => {}),
};

for (const [what, prefixCounts] of Object.entries(badCounts)) {
  test(`a prefix cache that ${what} changes nothing`, async (t) => {
    const clock = fakeClock();
    const dispatcher = createDispatcher({ slots: 4, clock });
    const engine = dispatcher.engineFor({ ...scripted(clock), prefixCounts }, 'writer', 4);
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
    t.like(await figures, { slots: 4, requests: 8, failures: 0 });
  });
}

test('an engine that asks for ever more time is asked once a minute, for two of them', async (t) => {
  const clock = fakeClock();
  const source = scripted(clock);
  const engine = createDispatcher({ slots: 1, clock }).engineFor(source, 'writer', 1);
  const busy = { name: 'one', busy: 1_000, retryAfterMs: 300_000 };
  const refused = t.throwsAsync(engine.complete(asking(busy, { idleTimeoutMs: 1e9 })), {
    instanceOf: BusyFault,
  });
  await clock.pass(60_000);
  t.is(source.came.length, 2);
  await clock.pass(60_000);
  await refused;
  t.is(source.came.length, 3);
});
