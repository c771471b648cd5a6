// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { BusyFault, type PrefixCounts } from '../../../src/engine/contract/engine.ts';
import { createDispatcher } from '../../../src/engine/dispatch/dispatcher.ts';
import { fakeClock } from './fake-clock.ts';
import { asking, open, range, scripted } from './with-dispatcher.ts';

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
