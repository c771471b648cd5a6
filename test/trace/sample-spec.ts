// SPDX-License-Identifier: GPL-3.0-only
import type { BundleFiles } from '../../src/trace/bundle.ts';
import type { ModelUsage } from '../../src/trace/model-usage.ts';
import type { Traces } from '../../src/trace/open-traces.ts';

const night = '2026-11-21';
export const trace = { night, base: 'b'.repeat(40), spec: 'tidy', flow: 'docops' };
export const began = Date.parse('2026-11-21T02:00:00Z');

export const usage: ModelUsage = {
  runtime: {
    engine: 'vllm',
    origin: 'unix-socket',
    version: '0.32.0',
    model: 'Qwen/Qwen3-8B',
    modelDigest: 'd'.repeat(64),
    temperature: 0.5,
    dialect: 'qwen',
  },
  completions: [
    {
      step: 1,
      startedAt: began + 1000.25,
      promptTokens: 900,
      cachedTokens: 800,
      completionTokens: 20,
      queuedMs: 2,
      firstTokenMs: 40,
      totalMs: 300.5,
      finish: 'stop',
      seed: 7,
      constraint: 'json-schema',
      dropped: 1,
      tightened: 0,
      prefill: 'continued',
    },
    {
      step: 2,
      startedAt: began + 1400,
      promptTokens: 0,
      cachedTokens: 0,
      completionTokens: 0,
      totalMs: 100,
      finish: 'error',
      fault: 'engine',
    },
  ],
  toolTimes: [{ step: 1, startedAt: began + 1350, totalMs: 0.125 }],
};

export const secret = 'SECRET-WORDS';
export const call = {
  step: 1,
  name: 'write_file',
  args: { path: secret },
  result: { text: secret },
};

export const times = (at: number, ms: number, more: object = {}): string =>
  JSON.stringify({ startedAt: began + at, ms, ...more });

/** A spec of one unit: planned, worked by a model that was lost, never judged; gate red. */
export const spec = (more: Readonly<Record<string, BundleFiles>> = {}) => ({
  '_spec/plan': { 'input.json': secret, 'metrics.json': times(0, 500) },
  'a-1/work': {
    'prompt.txt': secret,
    'tool_calls.jsonl': `${JSON.stringify(call)}\n`,
    'metrics.json': times(600, 1000, { steps: 2, ...usage }),
    'error.json': JSON.stringify({ code: 'engine', message: secret }),
  },
  '_spec/merge': {
    'metrics.json': times(1700, 50),
    'output.json': JSON.stringify({
      result: { outcome: 'red-bin', code: 'gate.rejected', reason: secret },
    }),
  },
  ...more,
});

export const lay = (traces: Traces, bundles: Readonly<Record<string, BundleFiles>>): void => {
  for (const [name, files] of Object.entries(bundles)) {
    const [unit = '', node = ''] = name.split('/');
    const agent = `agent.${node}@1.2.0`;
    traces.write({ spec: 'tidy', unit, node }, files, { night, agent, inputs: [] });
  }
};
