// SPDX-License-Identifier: GPL-3.0-only
import { renderReport } from '../../src/morning/report.ts';
import {
  countOutcomes,
  type EngineSummary,
  type SpecSummary,
  type Summary,
  summarySchema,
} from '../../src/morning/summary.ts';

export const specSummary = (id: string, more: Partial<SpecSummary> = {}): SpecSummary => ({
  id,
  title: `Title of ${id}`,
  flow: 'docops',
  outcome: 'pull-request',
  reason: 'approved by both reviewers',
  branch: `pantheon/${id}-12345678`,
  commit: 'c'.repeat(40),
  units: { approved: 1, red: 0, skipped: 0 },
  unitDetails: [{ id: 'u', state: 'approved', paths: ['a.md'] }],
  trace: `${id}/pull-request/pr.md`,
  ...more,
});

export const redBinSummary = (id: string, more: Partial<SpecSummary> = {}) =>
  specSummary(id, {
    outcome: 'red-bin',
    code: 'test.failed',
    branch: null,
    commit: null,
    reason: 'test: it is red.',
    units: { approved: 0, red: 1, skipped: 0 },
    unitDetails: [
      {
        ...{ id: 'u', state: 'red', paths: ['a.md'], node: 'test' },
        ...{ code: 'test.failed', reason: 'it is red' },
      },
    ],
    trace: `${id}/u/test`,
    ...more,
  });

export const summaryOf = (specs: readonly SpecSummary[], more: Partial<Summary> = {}): Summary =>
  summarySchema.parse({
    version: 1,
    night: '2026-11-21',
    startedAt: '2026-11-21T02:00:00Z',
    base: 'b'.repeat(40),
    profile: 'embedded',
    confinement: 'bubblewrap',
    specs,
    counts: countOutcomes(specs),
    reviewers: [],
    notices: [],
    ...more,
  });

const figures = {
  requests: 4000,
  failures: 0,
  retries: 0,
  tokens: { prompt: 4_000_000, cached: 3_480_000, completion: 300_000 },
  busySeconds: 126,
  batch: 61.24,
  tokensPerSecond: 2380.95,
  prefixHitRate: 0.87,
  queueMs: { mean: 812, p95: 2110, max: 14_000 },
};

export const measuredEngine: EngineSummary = {
  engine: 'vllm',
  model: 'Qwen/Qwen3-8B',
  origin: 'unix-socket',
  since: 'start',
  slots: 64,
  ...figures,
  agents: [
    { agent: 'doc.frontmatter', ...figures, requests: 2000, batch: 31 },
    {
      agent: 'review.peer',
      ...figures,
      requests: 1,
      retries: 3,
      failures: 1,
      prefixHitRate: null,
      queueMs: { mean: 9949, p95: 12_345, max: 12_345 },
    },
    { agent: 'codegen', ...figures, requests: 0 },
  ],
};

export const reportLines = (summary: Summary) => renderReport(summary).split('\n');
