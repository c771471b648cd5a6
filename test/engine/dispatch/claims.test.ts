// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { BusyFault, type Load, type Usage } from '../../../src/engine/contract/engine.ts';
import { createDispatcher } from '../../../src/engine/dispatch/dispatcher.ts';
import { engineSummarySchema } from '../../../src/morning/summary.ts';
import { summariseEngines } from '../../../src/night/publish/summarise-engines.ts';
import { fakeClock } from './fake-clock.ts';
import { asking, scripted } from './with-dispatcher.ts';

const claims: readonly (readonly [title: string, usage: Usage, load: Load])[] = [
  [
    'more tokens than can be counted',
    { prompt: 2 ** 53 - 1, cached: 2 ** 53 - 1, completion: 2 ** 53 - 1 },
    { running: 0, waiting: 0 },
  ],
  [
    'parts of tokens',
    { prompt: 1.5, cached: Number.NaN, completion: 0.25 },
    { running: Number.NaN, waiting: Number.NaN },
  ],
  [
    'a cache without bounds',
    { prompt: 9, cached: 0, completion: 1 },
    { running: 0, waiting: 0, prefixQueries: Infinity, prefixHits: Infinity },
  ],
];

for (const [title, usage, load] of claims) {
  test(`figures stay ones that a summary holds when a server claims ${title}`, async (t) => {
    const clock = fakeClock();
    const source = scripted(clock);
    const dispatcher = createDispatcher({ slots: 1, clock });
    const engine = dispatcher.engineFor(
      {
        ...source,
        complete: async (request) => ({ ...(await source.complete(request)), usage }),
        load: async () => load,
      },
      'writer',
      1,
    );
    for (const name of ['one', 'two', 'three']) {
      const asked = engine.complete(asking({ name }));
      await clock.pass(2_000);
      await asked;
    }
    const identity = { engine: 'vllm', origin: 'loopback', version: '1' } as const;
    const open = { identity: { ...identity, modelDigest: '', temperature: 0 }, dispatcher };
    const [summary] = await summariseEngines([open], 'start');
    t.notThrows(() => engineSummarySchema.parse(summary));
  });
}

test('a server that falls silent about its queue does not hold the limit down', async (t) => {
  const clock = fakeClock();
  let told: Load | undefined = { running: 10, waiting: 4 };
  const dispatcher = createDispatcher({ slots: 10, clock });
  const source = { ...scripted(clock), load: async () => told };
  const engine = dispatcher.engineFor(source, 'writer', 10);
  const asked = Array.from({ length: 400 }, (_, index) =>
    engine.complete(asking({ name: `${index}`, ms: 100 })),
  );
  await clock.pass(1050);
  t.is((await dispatcher.figures()).limit, 7);
  told = undefined;
  await clock.pass(3000);
  t.is((await dispatcher.figures()).limit, 10);
  await clock.pass(10_000);
  await Promise.all(asked);
});

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
