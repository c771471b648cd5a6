// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { acceptanceOf } from '../../../src/morning/metrics/acceptance.ts';
import { nodeMetricsOf } from '../../../src/morning/metrics/node-metrics.ts';
import { joinWeeks } from '../../../src/morning/metrics/schema-errors.ts';
import { panelsOf } from '../../../src/morning/panels/panels-of.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import { measuredEngine, summaryOf } from '../summaries.ts';

const startedAt = Date.parse('2026-11-21T02:00:00Z');

const nodeOf = (unit: string, node: string, files: BundleFiles) =>
  nodeMetricsOf({
    address: { spec: 's', unit, node },
    identity: '0',
    facts: { night: '2026-11-21', agent: `${node}@1.0.0`, inputs: [] },
    files,
    manifest: '',
  });

const sums = {
  ...{ steps: 2, badSteps: 0, schemaErrors: 0, caughtAfterLowering: 0, toolCalls: 1, denials: 0 },
  ...{ promptTokens: 900, cachedTokens: 0, completionTokens: 200, engineMs: 1800 },
};

const answered = (second: number) => ({
  'metrics.json': JSON.stringify({
    ...{ ...sums, startedAt: startedAt + second * 1000, ms: 2000 },
    runtime: {
      ...{ engine: 'vllm', origin: 'unix-socket', version: '1', model: 'tiny', modelDigest: 'd' },
    },
    completions: [
      {
        ...{ step: 1, startedAt: startedAt + second * 1000, promptTokens: 900, cachedTokens: 0 },
        ...{ completionTokens: 200, queuedMs: 0, totalMs: 2000, finish: 'stop' },
      },
    ],
    toolTimes: [],
  }),
});

test('earlier pull requests are shown with the share that people took', (t) => {
  const { counts, share } = acceptanceOf(['zero-touch', 'rejected', 'pending', 'unknown']);
  const pull = { spec: 's', night: '2026-11-20', branch: 'pantheon/s-1' };
  const [panel] = panelsOf({
    summary: summaryOf([], {
      earlier: { days: 60, counts, share, pulls: [{ ...pull, resolution: 'rejected' }] },
    }),
    ...{ nodes: [], trends: [], weeks: [] },
  });
  const facts = panel?.facts.map(({ label, text }) => `${label}: ${text}`) ?? [];
  t.is(facts[0], 'Accepted of decided, 60 days: 50 % (95 %: 9 to 91 %)');
  t.true(facts.includes('unknown: 1, not to be read; not in the share'));
  t.is(facts.at(-1), 's, 2026-11-20: rejected');
});

const panels = (nodes: readonly ReturnType<typeof nodeOf>[], weeks = joinWeeks([])) =>
  panelsOf({
    summary: summaryOf([], { engines: [{ ...measuredEngine, slots: 4 }] }),
    nodes,
    trends: [],
    weeks,
  });

test('an engine that served models has its load, and its queue dials with their formulas', (t) => {
  const nodes = [0, 2, 4, 6].map((second) => nodeOf(`u${second}`, 'doc', answered(second)));
  const [queue, engines] = panels(nodes);
  t.deepEqual(
    queue?.dials.map(({ label, text }) => `${label}: ${text}`),
    ['Utilisation: 25 %', 'Work that waits: 2 %', 'Slots needed: 2, there are 4'],
  );
  t.true(queue?.facts.some(({ text }) => text.startsWith('rho = lambda / (c mu) = ')));
  t.deepEqual(
    engines?.facts.map(({ label, text }) => `${label}: ${text}`),
    [
      'vllm tiny: 4 requests, 0 failed',
      'At once: 1.0, at most 1',
      'Tokens per second: 100',
      'Prompts from the prefix cache: not measured',
      'GPU use: not measured',
    ],
  );
  t.deepEqual(
    engines?.charts.map(({ id }) => id),
    ['batch', 'tokens'],
  );
});

test('rules have no engine, and so no dials; what failed is told by agent and code', (t) => {
  const failed = nodeOf('u', 'doc', {
    'metrics.json': JSON.stringify({ ...sums, startedAt, ms: 1000 }),
    'error.json': JSON.stringify({ code: 'declined', message: 'it cannot\nbe done' }),
  });
  const [queue, agents] = panels([failed]);
  t.deepEqual(queue?.dials, []);
  t.regex(
    agents?.facts[0]?.text ?? '',
    /^1 of 1 runs, 100 % \(95 %: 21 to 100 %\); the first: it cannot$/,
  );
});

test('schema errors have a chart once there are two weeks', (t) => {
  const week = { agent: 'doc', answers: 10, errors: 1, caughtAfterLowering: 0 };
  const chartsOf = (weeks: readonly string[]) =>
    panels([], joinWeeks(weeks.map((name) => ({ ...week, week: name })))).flatMap(
      ({ charts }) => charts,
    );
  t.deepEqual(chartsOf(['2026-W47']), []);
  t.deepEqual(chartsOf(['2026-W46', '2026-W47', '2026-W47'])[0]?.series, [
    { label: 'doc', values: [0.1, 0.1] },
  ]);
});
