// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { EngineSummary } from '../../../src/morning/summary.ts';
import { gatherFigures, leaveFigures, readFigures } from '../../../src/night/jobs/job-figures.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';

const figures = {
  requests: 10,
  failures: 1,
  retries: 0,
  tokens: { prompt: 1000, cached: 500, completion: 100 },
  busySeconds: 10,
  batch: 4,
  tokensPerSecond: 10,
  prefixHitRate: 0.5,
  queueMs: { mean: 100, p95: 200, max: 300 },
};

const engine = (more: Partial<EngineSummary> = {}): EngineSummary => ({
  engine: 'vllm',
  model: 'tiny',
  origin: 'unix-socket',
  since: 'jobs',
  slots: 8,
  ...figures,
  agents: [{ agent: 'doc.frontmatter', ...figures }],
  ...more,
});

const job = (shard: number) => ({ kind: 'node', node: 'doc', shard, attempt: 1 }) as const;

test('counts add up, rates are averages over the time that jobs were busy', async (t) => {
  const folder = temporaryFolder(t);
  const longer = {
    ...figures,
    requests: 30,
    tokens: { prompt: 3000, cached: 2500, completion: 600 },
    busySeconds: 30,
    batch: 8,
    tokensPerSecond: 20,
    queueMs: { mean: 500, p95: 900, max: 1000 },
  };
  await leaveFigures(folder, job(0), [engine(), engine({ engine: 'llama' })]);
  await leaveFigures(folder, job(1), [
    engine({ ...longer, agents: [{ agent: 'review.peer', ...figures }] }),
  ]);
  const [vllm, llama, ...more] = await gatherFigures(folder);
  t.deepEqual(more, []);
  t.is(llama?.engine, 'llama');
  t.deepEqual(vllm, {
    ...engine(),
    requests: 40,
    failures: 2,
    tokens: { prompt: 4000, cached: 3000, completion: 700 },
    busySeconds: 40,
    batch: 7,
    tokensPerSecond: 17.5,
    prefixHitRate: 0.75,
    queueMs: { mean: 400, p95: 900, max: 1000 },
    agents: [
      { agent: 'doc.frontmatter', ...figures },
      { agent: 'review.peer', ...figures },
    ],
  });
});

test('a job that asked no model leaves nothing, and a night of such has no engines', async (t) => {
  const folder = temporaryFolder(t);
  await leaveFigures(folder, job(0), []);
  t.deepEqual(await gatherFigures(folder), []);
});

test('what no job writes is not read', async (t) => {
  const folder = temporaryFolder(t);
  for (const text of ['{', '[{}]', `[${' '.repeat(5_000_000)}]`]) {
    writeFileSync(join(folder, 'x.json'), text);
    await t.throwsAsync(readFigures(join(folder, 'x.json')));
  }
});
