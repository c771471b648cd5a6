// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { asking, open, range } from './with-dispatcher.ts';

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
