// SPDX-License-Identifier: GPL-3.0-only
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { createShares } from '../../../src/engine/local/pool-shares.ts';
import { openProcesses, type Waiter } from '../../../src/engine/local/processes.ts';
import { startProcess } from '../../../src/engine/local/start-process.ts';
import type { OfferedCalls } from './offering-process.ts';

const setting = 'profiles.cpu.default';

const open = async (
  t: ExecutionContext,
  { processes = 1, model = 'whole', other = 'whole', endSilent = true, patience = 20_000 } = {},
) => {
  const started: number[] = [];
  const all = await openProcesses({
    setting,
    endSilent,
    patience,
    start: () =>
      startProcess<OfferedCalls>({
        file: new URL('./offering-process.ts', import.meta.url),
        setting,
        explain: (about, reason) => `.${about}: ${reason}; give another one`,
      }),
    openFirst: async (child) => {
      started.push(await child.call('open', model).done);
      return { processes };
    },
    openOther: async (child) => void started.push(await child.call('open', other).done),
  });
  t.teardown(all.close);
  return { ...all, started };
};

type Pool = Awaited<ReturnType<typeof open>>;

/** Has the process of that number answer prompts, each for somebody. */
const ask = (
  pool: Pool,
  index: number,
  prompts: readonly string[],
  more: Partial<Pick<Waiter<string>, 'signal' | 'onProgress' | 'idleTimeoutMs'>> = {},
) => {
  const batch = prompts.map((prompt) => ({
    prompt,
    signal: new AbortController().signal,
    idleTimeoutMs: 2_000,
    onStart: () => {},
    onProgress: () => {},
    settle: Promise.withResolvers<string>(),
    ...more,
  }));
  const free = pool.answer<string, (typeof batch)[number]>(
    index,
    batch,
    (child, wanted, onProgress) =>
      child.call(
        'answer',
        wanted.map(({ prompt }) => prompt),
        onProgress,
      ),
  );
  return { free, answers: Promise.allSettled(batch.map(({ settle }) => settle.promise)) };
};

const textsOf = (results: readonly PromiseSettledResult<string>[]): readonly string[] =>
  results.map((result) =>
    result.status === 'fulfilled'
      ? result.value.replace(/^\d+ /, '')
      : String(result.reason.message),
  );

test('each of a batch gets its own answer', async (t) => {
  const pool = await open(t, { processes: 2 });
  t.is(new Set(pool.started).size, 2);
  const [one, two] = [ask(pool, 0, ['a', 'b']), ask(pool, 1, ['c'])];
  t.deepEqual(textsOf(await one.answers), ['a', 'b']);
  t.deepEqual(textsOf(await two.answers), ['c']);
});

const refused = {
  instanceOf: EngineFault,
  message: `${setting}.model: it is broken; give another one`,
};

test('a refusal names the setting', async (t) => {
  await t.throwsAsync(open(t, { model: 'broken' }), refused);
});

test('one process that cannot be opened ends the others', async (t) => {
  await t.throwsAsync(open(t, { processes: 3, other: 'broken' }), refused);
});

test('a failure is told on one line, and the process goes on', async (t) => {
  const pool = await open(t);
  t.deepEqual(textsOf(await ask(pool, 0, ['fail']).answers), [`${setting}: no such word`]);
  t.deepEqual(textsOf(await ask(pool, 0, ['a']).answers), ['a']);
  t.is(pool.started.length, 1);
});

test('a process that ends is started again, once for all who wait', async (t) => {
  const pool = await open(t, { processes: 2 });
  const [gone] = textsOf(await ask(pool, 1, ['crash']).answers);
  t.regex(
    gone ?? '',
    /profiles\.cpu\.default: the model's process ended \(SIGKILL\); it is started/,
  );
  const again = [ask(pool, 1, ['a']), ask(pool, 1, ['b'])];
  t.deepEqual((await Promise.all(again.map(({ answers }) => answers))).map(textsOf), [
    ['a'],
    ['b'],
  ]);
  t.is(pool.started.length, 3);
});

test('work that nobody waits for is stopped, and the process is free then', async (t) => {
  const pool = await open(t);
  const controller = new AbortController();
  const reason = new Error('enough');
  const { signal } = controller;
  const asked = ask(pool, 0, ['work'], { signal, onProgress: () => controller.abort(reason) });
  t.deepEqual(textsOf(await asked.answers), ['enough']);
  await asked.free;
  t.deepEqual(textsOf(await ask(pool, 0, ['a']).answers), ['a']);
  t.is(pool.started.length, 1, 'by the same process');
});

test('who went before the turn is not asked for', async (t) => {
  const pool = await open(t);
  const asked = ask(pool, 0, ['crash'], { signal: AbortSignal.abort() });
  await asked.free;
  t.deepEqual(textsOf(await ask(pool, 0, ['a']).answers), ['a']);
  t.is(pool.started.length, 1);
});

test('silence ends a process that would not stop', async (t) => {
  const pool = await open(t);
  const start = performance.now();
  const asked = ask(pool, 0, ['hang', 'a']);
  const silent = `${setting}: the model wrote nothing for 2000 ms`;
  t.deepEqual(textsOf(await asked.answers), [silent, silent]);
  await asked.free;
  t.true(performance.now() - start < 15_000, 'it is not waited for');
  t.deepEqual(textsOf(await ask(pool, 0, ['a']).answers), ['a']);
  t.is(pool.started.length, 2);
});

test('a request that waits for its turn is not silent while the process works for others', async (t) => {
  const pool = await open(t, { endSilent: false });
  const controller = new AbortController();
  const { signal } = controller;
  const working = ask(pool, 0, ['work'], { signal });
  const waiting = ask(pool, 0, ['later'], { idleTimeoutMs: 1_500 });
  t.deepEqual(textsOf(await waiting.answers), ['later']);
  controller.abort(new Error('enough'));
  await working.free;
  t.is(pool.started.length, 1);
});

test('a process that others use is not ended for one that will not stop', async (t) => {
  const pool = await open(t, { endSilent: false, patience: 100 });
  const controller = new AbortController();
  const working = ask(pool, 0, ['work'], { signal: controller.signal });
  const gone = new AbortController();
  const stuck = ask(pool, 0, ['hang'], { signal: gone.signal });
  await sleep(200);
  gone.abort(new Error('not wanted'));
  await stuck.answers;
  await sleep(600);
  t.deepEqual(textsOf(await ask(pool, 0, ['a']).answers), ['a']);
  t.is(pool.started.length, 1, 'it works on for the others');
  controller.abort(new Error('enough'));
  await Promise.all([working.free, stuck.free]);
  t.deepEqual(textsOf(await ask(pool, 0, ['a']).answers), ['a']);
  t.is(pool.started.length, 2, 'it was ended when nobody else used it');
});

test('who ended a process is said', async (t) => {
  const pool = await open(t);
  const patient = ask(pool, 0, ['hang'], { idleTimeoutMs: 60_000 });
  await ask(pool, 0, ['hang'], { idleTimeoutMs: 100 }).answers;
  t.regex(
    textsOf(await patient.answers)[0] ?? '',
    /Pantheon ended the model's process: it was silent for too long; it is started again/,
  );
});

test('what is written so far is told while it is written', async (t) => {
  const pool = await open(t);
  const controller = new AbortController();
  const told = Promise.withResolvers<unknown>();
  const asked = ask(pool, 0, ['write'], {
    signal: controller.signal,
    onProgress: (written) => written && told.resolve(written),
  });
  t.deepEqual(await told.promise, { text: 'so far', tokens: 2 });
  controller.abort(new Error('enough'));
  await asked.free;
});

type Settings = { readonly model: string };

/** Shares of what notes that it was opened and closed; a model called `none` cannot be opened. */
const shares = () => {
  const [opened, closed]: [string[], string[]] = [[], []];
  const share = createShares(async ({ model }: Settings) => {
    if (model === 'none') throw new Error('no room');
    opened.push(model);
    return { close: async () => void closed.push(model) };
  });
  return { share, opened, closed };
};

test('what two share is opened once, and ends with the last of them', async (t) => {
  const { share, opened, closed } = shares();
  const [one, other] = [share({ model: 'a' }), share({ model: 'a' })];
  const pool = await one.pool('x', 'digest');
  t.is(await other.pool('y', 'digest'), pool);
  t.is(await one.pool('x', 'digest'), pool);
  await one.close();
  t.deepEqual(closed, []);
  await other.close();
  t.deepEqual([opened, closed], [['a'], ['a']]);
  await t.throwsAsync(other.pool('y', 'digest'), { message: /closed/ });
  const again = share({ model: 'a' });
  t.not(await again.pool('x', 'digest'), pool);
  await again.close();
});

test('other settings and other weights are held apart', async (t) => {
  const { share, closed } = shares();
  const [one, settings, weights] = [{ model: 'a' }, { model: 'b' }, { model: 'a' }].map(share);
  await one?.pool('x', 'digest');
  await settings?.pool('x', 'digest');
  await weights?.pool('x', 'other');
  await settings?.close();
  t.deepEqual(closed, ['b']);
  await weights?.close();
  await one?.close();
  t.deepEqual(closed, ['b', 'a', 'a']);
});

test('what could not be opened is tried anew, and nothing of it is closed', async (t) => {
  const { share, closed } = shares();
  const one = share({ model: 'none' });
  await t.throwsAsync(one.pool('x', 'digest'), { message: 'no room' });
  await t.throwsAsync(one.pool('x', 'digest'), { message: 'no room' });
  await one.close();
  t.deepEqual(closed, []);
});
