// SPDX-License-Identifier: GPL-3.0-only
import { type NodeMetrics, nodeMetricsOf } from '../../../src/morning/metrics/node-metrics.ts';
import type { Bundle, BundleFiles } from '../../../src/trace/bundle.ts';
import type { CompletionRecord } from '../../../src/trace/model-usage.ts';

/** 02:00 in UTC. */
export const monday = Date.parse('2026-11-30T02:00:00Z');

/** A bundle at NIGHT/SPEC/UNIT/NODE. */
export const bundle = (at: string, files: BundleFiles, agent = 'doc@1.0.0'): Bundle => {
  const [night = '', spec = '', unit = '', node = ''] = at.split('/');
  return {
    address: { spec, unit, node },
    identity: '',
    facts: { night, agent, inputs: [] },
    files,
    manifest: '',
  };
};

const noSums = {
  steps: 0,
  badSteps: 0,
  schemaErrors: 0,
  caughtAfterLowering: 0,
  toolCalls: 0,
  denials: 0,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  engineMs: 0,
};

type Said = {
  readonly sums?: Partial<typeof noSums>;
  readonly completions?: readonly Partial<CompletionRecord>[];
  readonly startedAt?: number;
  readonly ms?: number;
};

const completion = (more: Partial<CompletionRecord>): CompletionRecord => ({
  step: 1,
  startedAt: monday,
  promptTokens: 100,
  cachedTokens: 0,
  completionTokens: 10,
  totalMs: 1000,
  finish: 'stop',
  ...more,
});

const runtime = {
  engine: 'vllm',
  model: 'Qwen/Qwen3-8B',
  origin: 'unix-socket',
  version: '1',
  modelDigest: 'd',
};

const metrics = ({ sums, completions, startedAt = monday, ms = 1000 }: Said): string =>
  JSON.stringify({
    ...(sums && { ...noSums, ...sums }),
    ...(completions && { runtime, completions: completions.map(completion), toolTimes: [] }),
    startedAt,
    ms,
  });

/** What is read of a bundle that says so much. */
export const node = (at: string, said: Said, more: BundleFiles = {}, agent?: string): NodeMetrics =>
  nodeMetricsOf(bundle(at, { 'metrics.json': metrics(said), ...more }, agent));
