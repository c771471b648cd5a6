// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { compareNights } from '../../src/morning/compare-nights.ts';
import { nodeMetricsOf } from '../../src/morning/metrics/node-metrics.ts';
import { redBinSummary, specSummary, summaryOf } from './summaries.ts';

const startedAt = Date.parse('2026-11-21T02:00:00Z');

/** The figures of a bundle of this agent that took so many hours. */
const nodeOf = (agent: string, hours: number) =>
  nodeMetricsOf({
    address: { spec: 's', unit: 'u', node: 'doc' },
    identity: '0',
    facts: { night: 'n', agent, inputs: [] },
    files: { 'metrics.json': JSON.stringify({ startedAt, ms: hours * 3_600_000 }) },
    manifest: '',
  });

test('tells specs that ended otherwise, came or went, red codes, agents and time', (t) => {
  const red = redBinSummary('fixed', { code: 'test.failed' });
  const before = {
    summary: summaryOf([specSummary('same'), red, specSummary('gone')], { night: 'a' }),
    nodes: [nodeOf('doc@1.0.0', 2), nodeOf('test@1.0.0', 1)],
  };
  const after = {
    summary: summaryOf([specSummary('same'), specSummary('fixed'), specSummary('new')], {
      night: 'b',
    }),
    nodes: [nodeOf('doc@1.1.0', 3), nodeOf('test@1.0.0', 1)],
  };
  const opened = { outcome: 'pull-request', code: null } as const;
  t.deepEqual(compareNights(before, after), {
    nights: ['a', 'b'],
    counts: [before.summary.counts, after.summary.counts],
    specs: [
      { spec: 'fixed', before: { outcome: 'red-bin', code: 'test.failed' }, after: opened },
      { spec: 'gone', before: opened, after: null },
      { spec: 'new', before: null, after: opened },
    ],
    unchanged: 1,
    agents: { gone: ['doc@1.0.0'], came: ['doc@1.1.0'] },
    reds: [{ code: red.unitDetails[0]?.code ?? '', counts: [1, 0] }],
    hours: [2, 3],
  });
});

test('a night differs in nothing from itself', (t) => {
  const night = { summary: summaryOf([redBinSummary('two')]), nodes: [nodeOf('doc@1.0.0', 1)] };
  const { specs, reds, agents, unchanged } = compareNights(night, night);
  t.deepEqual([specs, reds, agents, unchanged], [[], [], { gone: [], came: [] }, 1]);
});
