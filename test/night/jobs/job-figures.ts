// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { type EngineSummary, summarySchema } from '../../../src/morning/summary.ts';
import { gatherFigures, leaveFigures, readFigures } from '../../../src/night/jobs/job-figures.ts';
import { vllmAnswers } from '../../cli/served-vllm.ts';
import { makePlace } from '../../cli/with-cli.ts';
import { serve } from '../../engine/wire/with-server.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinyConfig, tinySpec } from '../support/tiny-house.ts';

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

test('what an engine did in a job is told in the morning', async (t) => {
  t.timeout(120_000);
  const socket = await serve(t, vllmAnswers('tiny', { contextTokens: 8192 }));
  const bound = `    work: { engine: vllm, socket: ${socket}, model: tiny }\n`;
  const place = await makePlace(t, {
    'pantheon.yaml': tinyConfig('', bound),
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
  });
  const scratch = temporaryFolder(t);
  const artifacts = join(scratch, 'artifacts');
  mkdirSync(artifacts);
  const pantheon = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await place.pantheon(...args);
    t.is(code, 0, stderr);
    return stdout;
  };
  const night = join(artifacts, 'night.attempt-1');
  const { night: digest } = JSON.parse(
    await pantheon('collect', '--night', night, '--shards', '1', '--example', '--json'),
  );
  const arrived = ['--artifacts', artifacts, '--digest', digest];
  for (const node of ['plan', 'work']) {
    const out = join(scratch, node);
    await pantheon(
      ...['node', node, '--shard', '0/1', '--night', join(scratch, `night-${node}`)],
      ...[...arrived, '--out', out],
    );
    cpSync(out, join(artifacts, `node.${node}.shard-0.attempt-1`), { recursive: true });
  }
  const summary = summarySchema.parse(JSON.parse(await pantheon('publish', ...arrived, '--json')));
  t.is(summary.engines.length, 1);
  t.like(summary.engines[0], { engine: 'vllm', model: 'tiny', since: 'jobs' });
  t.true((summary.engines[0]?.requests ?? 0) > 0);
  t.deepEqual(
    summary.engines[0]?.agents.map(({ agent }) => agent),
    ['tiny.worker'],
  );
});
