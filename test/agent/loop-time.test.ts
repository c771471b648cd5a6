// SPDX-License-Identifier: GPL-3.0-only
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { EngineFault } from '../../src/engine/contract/engine.ts';
import { call, engineThat, final, hang, run, script, timing, usage } from './with-loop.ts';

test('an interrupted night passes through with its reason', async (t) => {
  const before = AbortSignal.abort(new Error('before'));
  await t.throwsAsync(run(script(final()), { signal: before }), { message: 'before' });
  for (const engine of [hang, script(call('hanging'))]) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('Ctrl-C')), 20);
    await t.throwsAsync(run(engine, { signal: controller.signal }), { message: 'Ctrl-C' });
  }
});

test('an engine that the interrupt takes down with it is no failed engine', async (t) => {
  const controller = new AbortController();
  const dying = engineThat(() => {
    controller.abort(new Error('Ctrl-C'));
    throw new EngineFault('gone');
  });
  await t.throwsAsync(run(dying, { signal: controller.signal }), { message: 'Ctrl-C' });
});

test('an engine that puts its own name on a timeout does not hide it', async (t) => {
  const renaming = engineThat(
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new EngineFault('stopped')));
      }),
  );
  const { outcome } = await run(renaming, { limits: { timeout: 20 } });
  t.like(outcome, { kind: 'failure', failure: { code: 'timeout' } });
});

/** An engine with a queue: each request waits in it before it is answered. */
const queueing = (waitMs: number, workMs: number) =>
  engineThat(async ({ onQueue, signal }) => {
    onQueue?.(true);
    await sleep(waitMs, undefined, { signal });
    onQueue?.(false);
    await sleep(workMs, undefined, { signal });
    return { text: final(), usage, timing, finish: 'stop' };
  });

test('waiting for a slot is not the run’s own time', async (t) => {
  const { outcome } = await run(queueing(2000, 1), { limits: { timeout: 1500 } });
  t.is(outcome.kind, 'final');
});

test('its own time counts after a wait as before', async (t) => {
  const { outcome } = await run(queueing(50, 2000), { limits: { timeout: 100 } });
  t.like(outcome, { kind: 'failure', failure: { code: 'timeout' } });
});

test('a wait without end ends the run all the same', async (t) => {
  const { outcome } = await run(queueing(30_000, 1), { limits: { timeout: 10 } });
  t.like(outcome, { kind: 'failure', failure: { code: 'timeout' } });
});

test('a timed-out run aborts what it waits for', async (t) => {
  const aborted = Promise.withResolvers<unknown>();
  const { outcome } = await run(
    engineThat(({ signal }) => {
      signal.addEventListener('abort', () => aborted.resolve(signal.reason));
      return hang();
    }),
    { limits: { timeout: 20 } },
  );
  t.like(outcome, { kind: 'failure', failure: { code: 'timeout', step: 1 } });
  t.like(await aborted.promise, { message: 'timed out after 20 ms' });
});

test('the run ends on time by the clock, also when no timer gets its turn', async (t) => {
  let now = 0;
  const clock = (): number => now;
  const { outcome, metrics } = await run(
    (messages) => {
      now += 1000;
      return call('echo', { text: `${messages.length}` });
    },
    { clock, limits: { timeout: 2500 } },
  );
  t.like(outcome, { kind: 'failure', failure: { code: 'timeout' } });
  t.is(metrics.engineMs, 3000);
});
