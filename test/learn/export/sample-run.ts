// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';
import type { Bundle, BundleFiles } from '../../../src/trace/bundle.ts';
import type { ModelUsage } from '../../../src/trace/model-usage.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { modelFiles, wrote } from '../mine/sample-nights.ts';

const began = Date.parse('2026-11-21T02:00:00Z');

const answer = (step: number) => ({
  ...{ step, startedAt: began + step * 1000, promptTokens: 100 * step, cachedTokens: 50 },
  ...{ completionTokens: 7, totalMs: 300, finish: 'stop' as const },
});

/** What a model says of the three answers. */
export const usage: ModelUsage = {
  runtime: {
    ...{ engine: 'vllm', origin: 'unix-socket', version: '0.32.0', model: 'Qwen/Qwen3-8B' },
    modelDigest: 'd'.repeat(64),
  },
  completions: [answer(1), answer(2), answer(3)],
  toolTimes: [],
};

/** The bundle of these files. */
export const bundleOf = (t: ExecutionContext, files: BundleFiles): Bundle => {
  const traces = openTraces(temporaryFolder(t));
  const address = { spec: 'tidy', unit: 'a-1', node: 'work' };
  const runtime = 'r'.repeat(64);
  traces.write(address, files, { night: 'n', agent: 'doc.front@1.2.0', runtime, inputs: [] });
  const bundle = traces.read(address);
  if (!bundle) throw new Error('there is no bundle');
  return bundle;
};

/** A node that called a tool, said nonsense, and ended. */
export const talked = (more: BundleFiles = {}): BundleFiles => ({
  ...modelFiles('unit: a.md', [wrote('x'), { noise: 'I would rather not.' }]),
  ...more,
});
