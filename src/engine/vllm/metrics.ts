// SPDX-License-Identifier: GPL-3.0-only
import type { Load } from '../contract/engine.ts';

/** The series that tell of load, as `/metrics` names them. */
const series = {
  running: 'vllm:num_requests_running',
  waiting: 'vllm:num_requests_waiting',
  prefixQueries: 'vllm:prefix_cache_queries_total',
  prefixHits: 'vllm:prefix_cache_hits_total',
} as const;

/**
 * A sample: name, labels, value; its time stamp and comments are passed over.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
const sample = /^(\w+:\w+)(?:\{.*\})?[ \t]+([\d.eE+-]+)/;

/**
 * What vLLM's `/metrics` says of its load, its engines added up; `undefined` where it does not speak
 * of requests. https://docs.vllm.ai/en/latest/usage/metrics/
 */
export const loadOf = (metrics: string): Load | undefined => {
  const sums = new Map<string, number>();
  for (const line of metrics.split('\n')) {
    const [, name = '', text] = sample.exec(line) ?? [];
    const value = Number(text);
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) continue;
    sums.set(name, (sums.get(name) ?? 0) + value);
  }
  const running = sums.get(series.running);
  const waiting = sums.get(series.waiting);
  if (running === undefined || waiting === undefined) return undefined;
  const prefixQueries = sums.get(series.prefixQueries);
  const prefixHits = sums.get(series.prefixHits);
  return {
    running,
    waiting,
    ...(prefixQueries !== undefined && { prefixQueries }),
    ...(prefixHits !== undefined && { prefixHits }),
  };
};
