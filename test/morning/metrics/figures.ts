// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { engineLoads, loadOverTime } from '../../../src/morning/metrics/engine-load.ts';
import { failBins } from '../../../src/morning/metrics/fail-bins.ts';
import { nodeMetricsOf } from '../../../src/morning/metrics/node-metrics.ts';
import { isoWeek, schemaErrorsByWeek } from '../../../src/morning/metrics/schema-errors.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import { each } from '../../each.ts';
import { bundle, monday, node } from './with-nodes.ts';

test('of a bundle everything is read, and what it does not tell is null', (t) => {
  const asked = node(
    'n/s/u/work',
    { sums: { steps: 2 }, completions: [{ totalMs: 5 }] },
    { 'diff.patch': 'x' },
  );
  t.like(asked, { engine: 'vllm Qwen/Qwen3-8B', patched: true, failure: null, unread: [] });
  t.is(asked.sums?.steps, 2);
  t.is(asked.completions[0]?.totalMs, 5);
  const code = nodeMetricsOf(bundle('n/s/u/test', { 'metrics.json': '{"startedAt":1,"ms":2}' }));
  t.like(code, { sums: null, engine: null, times: { startedAt: 1, ms: 2 }, unread: [] });
  t.like(nodeMetricsOf(bundle('n/s/u/test', {})), { sums: null, times: null, unread: [] });
});

const strange = test.macro((t, files: BundleFiles, unread: readonly string[]) => {
  const read = nodeMetricsOf(bundle('n/s/u/work', files));
  t.deepEqual(read.unread, unread);
  t.is(read.failure, null);
  t.is(read.sums, null);
});

each(strange, {
  'half a file is named and left out': [{ 'metrics.json': '{"steps":' }, ['metrics.json']],
  'so is another kind of value': [{ 'metrics.json': '[1]' }, ['metrics.json']],
  'so are sums that are not numbers': [
    { 'metrics.json': '{"startedAt":1,"ms":2,"schemaErrors":"<b>"}' },
    ['metrics.json'],
  ],
  'so is a year that has no week': [
    { 'metrics.json': '{"startedAt":1e300,"ms":2}' },
    ['metrics.json'],
  ],
  'so is an error without a code, and a verdict that is none': [
    { 'error.json': '{}', 'review.json': '{"verdict":"maybe"}' },
    ['error.json', 'review.json'],
  ],
});

const week = test.macro((t, date: string, expected: string) => {
  t.is(isoWeek(Date.parse(date)), expected);
});

// Python 3: datetime.date.isocalendar
each(week, {
  'a Sunday of the year before': ['2021-01-03T23:59:59Z', '2020-W53'],
  'its Monday': ['2021-01-04T00:00:00Z', '2021-W01'],
  'a Monday of the year after': ['2024-12-30T00:00:00Z', '2025-W01'],
  'the 53rd week': ['2026-12-31T12:00:00Z', '2026-W53'],
  'an ordinary day': ['2026-11-30T02:00:00Z', '2026-W49'],
});

test('schema errors by agent and week, versions together', (t) => {
  const sunday = monday - 3 * 3_600_000;
  const weeks = schemaErrorsByWeek([
    node('n/s/a/work', { sums: { steps: 10, schemaErrors: 2, caughtAfterLowering: 1 } }),
    node('n/s/b/work', { sums: { steps: 10 } }, {}, 'doc@1.1.0'),
    node('n/s/c/work', { sums: { steps: 4, schemaErrors: 4 }, startedAt: sunday }),
    node('n/s/d/work', { sums: {} }, {}, 'codegen@1'),
    node('n/s/d/test', {}, {}, 'test.docs@1'),
  ]);
  t.deepEqual(
    weeks.map(({ rate, ...more }) => ({ ...more, rate: rate?.value ?? null })),
    [
      {
        agent: 'codegen',
        week: '2026-W49',
        answers: 0,
        errors: 0,
        caughtAfterLowering: 0,
        rate: null,
      },
      { agent: 'doc', week: '2026-W48', answers: 4, errors: 4, caughtAfterLowering: 0, rate: 1 },
      { agent: 'doc', week: '2026-W49', answers: 20, errors: 2, caughtAfterLowering: 1, rate: 0.1 },
    ],
  );
});

test('fail bins by agent, version and code, the fullest first', (t) => {
  const failed = (code: string, message = 'why\nmore') => ({
    'error.json': JSON.stringify({ code, message }),
  });
  const bins = failBins([
    node('n/s/a/work', {}),
    node('n/s/b/work', {}, failed('schema', 'first\nsecond')),
    node('n/s/c/work', {}, failed('steps')),
    node('n/s/d/work', {}, failed('schema')),
    node('n/s/e/work', {}, failed('schema'), 'doc@2.0.0'),
  ]);
  t.deepEqual(
    bins.map(({ agent, code, count, runs }) => [agent, code, count, runs]),
    [
      ['doc@1.0.0', 'schema', 2, 4],
      ['doc@1.0.0', 'steps', 1, 4],
      ['doc@2.0.0', 'schema', 1, 1],
    ],
  );
  t.deepEqual(bins[0]?.first, {
    night: 'n',
    address: { spec: 's', unit: 'b', node: 'work' },
    line: 'first',
  });
  t.is(bins[0]?.rate.value, 0.5);
});

test('the load of an engine is that of its requests, waits left out', (t) => {
  const [load, ...more] = engineLoads([
    node('n/s/a/work', {
      completions: [
        { totalMs: 2000, completionTokens: 30 },
        { startedAt: monday + 1000, queuedMs: 1000, totalMs: 2000, cachedTokens: 50 },
      ],
    }),
    node('n/s/b/work', {
      completions: [
        { startedAt: monday + 1000, totalMs: 1000, completionTokens: 20 },
        { finish: 'error', promptTokens: 0, completionTokens: 0, totalMs: 60_000 },
      ],
    }),
    node('n/s/c/work', { sums: { steps: 3 } }),
  ]);
  t.deepEqual(more, []);
  t.deepEqual(load, {
    engine: 'vllm Qwen/Qwen3-8B',
    requests: 4,
    failures: 1,
    busySeconds: 3,
    batch: 4 / 3,
    peak: 2,
    tokensPerSecond: 20,
    cacheHits: 50 / 300,
    queueMs: 1000,
    gpuUse: null,
  });
});

test('what no engine told is null and never 0', (t) => {
  const [load] = engineLoads([node('n/s/a/work', { completions: [{ completionTokens: 0 }] })]);
  t.like(load, { batch: 1, tokensPerSecond: null, cacheHits: null, queueMs: null, gpuUse: null });
  const [silent] = engineLoads([node('n/s/a/work', { completions: [{ finish: 'error' }] })]);
  t.like(silent, { requests: 1, failures: 1, batch: null, peak: null, tokensPerSecond: null });
  t.deepEqual(engineLoads([node('n/s/a/work', { sums: { steps: 1 } })]), []);
});

test('over time, the parts add up to the whole', (t) => {
  const nodes = [
    node('n/s/a/work', {
      completions: [
        { totalMs: 2000, completionTokens: 30 },
        { startedAt: monday + 1500, totalMs: 2500, completionTokens: 50 },
        { startedAt: monday + 500, totalMs: 0 },
      ],
    }),
  ];
  const points = loadOverTime(nodes, 4);
  t.deepEqual(
    points.map(({ at, batch }) => [at - monday, batch]),
    [
      [0, 1],
      [1000, 1.5],
      [2000, 1],
      [3000, 1],
    ],
  );
  const tokens = points.reduce((sum, { tokensPerSecond }) => sum + (tokensPerSecond ?? 0), 0);
  t.true(Math.abs(tokens - 80) < 1e-9, `${tokens}`);
  t.deepEqual(loadOverTime([node('n/s/a/work', {})]), []);
  const silent = node('n/s/a/work', { completions: [{ completionTokens: 0 }] });
  t.is(loadOverTime([silent], 1)[0]?.tokensPerSecond, null);
});
