// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { PrefixCounts, Usage } from '../../../src/engine/contract/engine.ts';
import { createDispatcher } from '../../../src/engine/dispatch/dispatcher.ts';
import { engineSummarySchema } from '../../../src/morning/summary.ts';
import { summariseEngines } from '../../../src/night/publish/summarise-engines.ts';
import { fakeClock } from './fake-clock.ts';
import { asking, open, scripted } from './with-dispatcher.ts';

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
  const counts = { queries: 1000, hits: 100 };
  const usage = { prompt: 100, cached: 0, completion: 1 };
  const { complete } = source;
  const engine = dispatcher.engineFor(
    {
      ...source,
      complete: async (request) => ({ ...(await complete(request)), usage }),
      prefixCounts: async () => ({ ...counts }),
    },
    'writer',
    1,
  );
  await dispatcher.begin();
  counts.queries += 200;
  counts.hits += 150;
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

const claims: Readonly<Record<string, readonly [usage: Usage, counts: PrefixCounts]>> = {
  'more tokens than can be counted': [
    { prompt: 2 ** 53 - 1, cached: 2 ** 53 - 1, completion: 2 ** 53 - 1 },
    { queries: 0, hits: 0 },
  ],
  'parts of tokens': [
    { prompt: 1.5, cached: Number.NaN, completion: 0.25 },
    { queries: Number.NaN, hits: Number.NaN },
  ],
  'a cache without bounds': [
    { prompt: 9, cached: 0, completion: 1 },
    { queries: Infinity, hits: Infinity },
  ],
};

for (const [title, [usage, counts]] of Object.entries(claims)) {
  test(`figures stay ones that a summary holds when a server claims ${title}`, async (t) => {
    const clock = fakeClock();
    const source = scripted(clock);
    const dispatcher = createDispatcher({ slots: 1, clock });
    const engine = dispatcher.engineFor(
      {
        ...source,
        complete: async (request) => ({ ...(await source.complete(request)), usage }),
        prefixCounts: async () => counts,
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
