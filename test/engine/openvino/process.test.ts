// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import test from 'ava';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { openOpenVinoEngine } from '../../../src/engine/openvino/engine.ts';
import { called, model, open, request, setting, simulated } from './with-library.ts';

test.serial('one of a batch may be stopped and the others go on', async (t) => {
  const engine = await open(t);
  const reason = new Error('enough');
  const stop = new AbortController();
  const stopped = engine.complete(
    request('compute', { signal: stop.signal, onProgress: () => stop.abort(reason) }),
  );
  const other = engine.complete(request('note'));
  t.is(await t.throwsAsync(stopped), reason);
  t.is(called(await other).batch, 2);
});

test.serial('one alone is stopped at its next token', async (t) => {
  const engine = await open(t);
  const reason = new Error('enough');
  const stop = new AbortController();
  const start = performance.now();
  const stopped = engine.complete(
    request('slow', { signal: stop.signal, onProgress: () => stop.abort(reason) }),
  );
  t.is(await t.throwsAsync(stopped), reason);
  t.is(called(await engine.complete(request('note'))).calls, 2, 'by the same process');
  t.true(performance.now() - start < 3500);
});

test.serial('who waits in the queue may leave it', async (t) => {
  const engine = await open(t);
  await engine.probe();
  const first = engine.complete(request('compute'));
  await new Promise((resolve) => setTimeout(resolve, 150));
  const stop = new AbortController();
  const reason = new Error('enough');
  const waiting = engine.complete(request('note', { signal: stop.signal }));
  stop.abort(reason);
  t.is(await t.throwsAsync(waiting), reason);
  t.is(called(await first).batch, 1);
});

test.serial('a long computation is no silence', async (t) => {
  const engine = await open(t);
  await engine.probe();
  let signs = 0;
  const onProgress = () => {
    signs += 1;
  };
  await engine.complete(request('compute', { idleTimeoutMs: 450, onProgress }));
  t.true(signs > 3, `${signs} signs of life`);
});

for (const [what, content, message] of [
  ['that computes nothing any more', 'hang', /the model wrote nothing for 300 ms/],
  ['that crashes', 'crash', /the model's process ended \(SIGSEGV\); it is started again/],
] as const) {
  test.serial(`a process ${what} costs its answers and no more`, async (t) => {
    const engine = await open(t);
    await engine.probe();
    const start = performance.now();
    const error = await t.throwsAsync(engine.complete(request(content, { idleTimeoutMs: 300 })), {
      instanceOf: EngineFault,
    });
    t.true(error!.message.startsWith(setting), error!.message);
    t.regex(error!.message, message);
    t.is(called(await engine.complete(request('note'))).calls, 1, 'a new process answers');
    t.true(performance.now() - start < 15_000, 'at once');
  });
}

test.serial('several processes share the work', async (t) => {
  const engine = await open(t, { processes: 2, slots: 8, threads: 3 });
  t.is((await engine.probe()).slots, 8);
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, index) => engine.complete(request(`note ${index}`))),
  );
  const calls = answers.map(called);
  t.deepEqual([...new Set(calls.map(({ batch }) => batch))], [4]);
  t.is(new Set(calls.map(({ pid }) => pid)).size, 2);
  t.is(calls[0]?.INFERENCE_NUM_THREADS, 3);
});

const processes = (): readonly string[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('pipeline-process'));

test.serial('engines on the same model share its process, and the last one ends it', async (t) => {
  const options = { engine: 'openvino', model, slots: 3 } as const;
  const one = await openOpenVinoEngine(options, { setting }, simulated);
  const two = await openOpenVinoEngine({ ...options, seed: 4 }, { setting }, simulated);
  const before = processes().length;
  await Promise.all([one.probe(), two.probe()]);
  t.is(processes().length, before + 1);
  await one.close();
  t.is((await two.complete(request('note'))).finish, 'stop');
  await two.close();
  t.is(processes().length, before);
});
