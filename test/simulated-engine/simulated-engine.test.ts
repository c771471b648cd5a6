// SPDX-License-Identifier: GPL-3.0-only
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import {
  BusyFault,
  type CompletionRequest,
  type Engine,
} from '../../src/engine/contract/engine.ts';
import { createDispatcher } from '../../src/engine/dispatch/dispatcher.ts';
import { preflight } from '../../src/engine/preflight.ts';
import { askServer } from '../../src/engine/served/who-answers.ts';
import { openVllmEngine } from '../../src/engine/vllm/engine.ts';
import { sumsIn } from '../../src/engine/vllm/metrics.ts';
import { openEndpoint } from '../../src/engine/wire/endpoint.ts';
import { type SimulatedSettings, simulatedModel } from './settings.ts';
import { startSimulatedEngine } from './simulated-engine.ts';
import type { Service } from './simulation.ts';

const runtime = { engine: 'vllm' as const, model: simulatedModel };

type Held = {
  readonly engine: Engine;
  readonly services: () => readonly Service[];
  /** Waits until the server says that so many run and wait; a busy machine is slow to bring them there. */
  readonly until: (running: number, waiting: number) => Promise<void>;
};

/** A simulated engine on a socket of its own, and the driver on it. */
const hold = async (t: ExecutionContext, settings: Partial<SimulatedSettings>): Promise<Held> => {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-simulated-'));
  const socket = join(folder, 'simulated.sock');
  const server = await startSimulatedEngine({ step: 0.01, ...settings, socket });
  const endpoint = await openEndpoint({ socket }, 'test');
  const engine = await openVllmEngine({ ...runtime, socket }, { setting: 'profiles.gpu.default' });
  t.teardown(async () => {
    await Promise.all([engine.close(), endpoint.close()]);
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const requests = async (): Promise<readonly (number | undefined)[]> => {
    const sums = sumsIn((await askServer(endpoint, '/metrics')).body);
    return ['running', 'waiting'].map((state) => sums.get(`vllm:num_requests_${state}`));
  };
  const until = async (...wanted: readonly number[]): Promise<void> => {
    for (let tries = 0; tries < 200; tries += 1) {
      if (String(await requests()) === String(wanted)) break;
      await sleep(20);
    }
    t.deepEqual(await requests(), wanted);
  };
  return { engine, services: server.services, until };
};

const fixed = (seconds: number): SimulatedSettings['service'] => ({
  least: seconds,
  most: seconds,
});

const request = (index: number, more: Partial<CompletionRequest> = {}): CompletionRequest => ({
  messages: [
    { role: 'system', content: 'You work on notes. '.repeat(20) },
    { role: 'user', content: `note ${index}` },
  ],
  schema: {
    type: 'object',
    properties: { ok: { type: 'boolean' }, why: { type: 'string', maxLength: 20 } },
    required: ['ok', 'why'],
    additionalProperties: false,
  },
  maxTokens: 100,
  idleTimeoutMs: 20_000,
  signal: new AbortController().signal,
  ...more,
});

/** The most services that were under way at once. */
const most = (services: readonly Service[]): number =>
  Math.max(
    ...services.map(
      ({ at }) =>
        services.filter((other) => other.at <= at && at < other.at + other.took * 1000 - 1).length,
    ),
  );

const all = (engine: Pick<Engine, 'complete'>, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => engine.complete(request(index))));

test('a preflight finds nothing wrong with it but that it has no weights', async (t) => {
  const { engine } = await hold(t, { service: fixed(0.02) });
  const { checks, probe } = await preflight(engine, runtime, {
    setting: 'profiles.gpu.default',
    signal: new AbortController().signal,
  });
  const odd = checks.filter(({ state }) => state !== 'ok');
  t.deepEqual(
    odd.map(({ name, state }) => `${name} ${state}`),
    ['model warn'],
  );
  t.regex(probe?.identity.version ?? '', /simulated/);
});

test('no more requests are served at once than it has slots, each for its time', async (t) => {
  const { engine, services } = await hold(t, { slots: 3, service: fixed(0.1) });
  const started = performance.now();
  await all(engine, 12);
  t.true(performance.now() - started >= 400);
  t.is(services().length, 12);
  t.true(most(services()) <= 3);
  t.true(services().every(({ drawn, took }) => drawn === 0.1 && took >= 0.1));
});

test('a prompt takes the same time whenever it comes, and another with another seed', async (t) => {
  const drawn = async (seed: number): Promise<readonly number[]> => {
    const { engine, services } = await hold(t, { seed, service: { least: 0.01, most: 0.05 } });
    for (const index of [0, 1, 2]) await engine.complete(request(index));
    return services().map((service) => service.drawn);
  };
  const first = await drawn(1);
  t.is(new Set(first).size, 3);
  t.true(first.every((seconds) => seconds >= 0.01 && seconds <= 0.05));
  t.deepEqual(await drawn(1), first);
  t.notDeepEqual(await drawn(2), first);
});

test('its metrics tell of what runs, waits and was found in the prefix cache', async (t) => {
  const { engine, until } = await hold(t, { slots: 2, service: fixed(3) });
  const running = all(engine, 5);
  await until(2, 3);
  const answers = await running;
  await until(0, 0);
  const { queries, hits } = await engine.prefixCounts!();
  t.is(
    queries,
    answers.reduce((sum, { usage }) => sum + usage.prompt, 0),
  );
  // All but the first share the system message, in whole blocks.
  t.true(hits > 0.6 * queries && hits < queries);
  t.is(
    hits,
    answers.reduce((sum, { usage }) => sum + usage.cached, 0),
  );
});

test('who goes away leaves the place to the next', async (t) => {
  const { engine, until } = await hold(t, { slots: 1, service: fixed(30) });
  const gone = new AbortController();
  const first = engine.complete(request(0, { signal: gone.signal }));
  await until(1, 0);
  const waiting = new AbortController();
  const second = engine.complete(request(1, { signal: waiting.signal }));
  await until(1, 1);
  waiting.abort();
  await until(1, 0);
  gone.abort();
  await Promise.allSettled([first, second]);
  await until(0, 0);
});

test('the urgent go before those that wait', async (t) => {
  const { engine, services, until } = await hold(t, { slots: 1, service: fixed(3) });
  const order: string[] = [];
  const ask = (name: string, index: number, priority: number) =>
    engine.complete(request(index, { priority })).then(() => order.push(name));
  // The driver first finds out whether there are priorities.
  await ask('before', 0, 1);
  const first = ask('first', 1, 0);
  await until(1, 0);
  await Promise.all([first, ask('late', 2, 0), ask('urgent', 3, 5)]);
  t.deepEqual(order, ['before', 'first', 'urgent', 'late']);
  t.is(services().length, 5);
});

test('it refuses what is more than it holds, and a dispatcher brings it all through', async (t) => {
  const settings = { slots: 4, mostQueued: 2, service: fixed(0.2) };
  const { engine } = await hold(t, settings);
  const refused = (
    await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => engine.complete(request(index))),
    )
  ).filter((result) => result.status === 'rejected' && result.reason instanceof BusyFault);
  t.true(refused.length > 0);
  const dispatcher = createDispatcher({ slots: 64 });
  t.teardown(dispatcher.close);
  const answers = await all(dispatcher.engineFor(engine, 'agent', 64), 9);
  t.is(answers.length, 9);
  const { retries, failures } = await dispatcher.figures();
  t.true(retries > 0);
  t.is(failures, 0);
});

test('a dispatcher fills its slots, and never more', async (t) => {
  const slots = 32;
  const { engine, services } = await hold(t, { slots, service: { least: 0.2, most: 0.6 } });
  const dispatcher = createDispatcher({ slots });
  t.teardown(dispatcher.close);
  const limited = dispatcher.engineFor(engine, 'agent', slots);
  await all(limited, 1);
  await dispatcher.begin();
  await all(limited, 256);
  const { requests, failures, batch } = await dispatcher.figures();
  t.like({ requests, failures }, { requests: 256, failures: 0 });
  // How full they are on an idle machine, test/night/run/lanes.test.ts tells on a clock of its own.
  t.true(batch > slots / 4 && batch <= slots, `${batch}`);
  t.true(most(services()) <= slots);
});
