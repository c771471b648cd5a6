// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { PrefixCounts, Usage } from '../../../src/engine/contract/engine.ts';
import { createDispatcher } from '../../../src/engine/dispatch/dispatcher.ts';
import { engineSummarySchema } from '../../../src/morning/summary.ts';
import { summariseEngines } from '../../../src/night/publish/summarise-engines.ts';
import { fakeClock } from './fake-clock.ts';
import { asking, scripted } from './with-dispatcher.ts';

const claims: readonly (readonly [title: string, usage: Usage, counts: PrefixCounts])[] = [
  [
    'more tokens than can be counted',
    { prompt: 2 ** 53 - 1, cached: 2 ** 53 - 1, completion: 2 ** 53 - 1 },
    { queries: 0, hits: 0 },
  ],
  [
    'parts of tokens',
    { prompt: 1.5, cached: Number.NaN, completion: 0.25 },
    { queries: Number.NaN, hits: Number.NaN },
  ],
  [
    'a cache without bounds',
    { prompt: 9, cached: 0, completion: 1 },
    { queries: Infinity, hits: Infinity },
  ],
];

for (const [title, usage, counts] of claims) {
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
