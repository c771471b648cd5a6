// SPDX-License-Identifier: GPL-3.0-only
import type { Load } from '../contract/engine.ts';

/** The series that tell of load, as `/metrics` names them. */
const series = {
  running: 'vllm:num_requests_running',
  waiting: 'vllm:num_requests_waiting',
  cacheUse: 'vllm:kv_cache_usage_perc',
  prefixQueries: 'vllm:prefix_cache_queries_total',
  prefixHits: 'vllm:prefix_cache_hits_total',
} as const;

const names: ReadonlySet<string> = new Set(Object.values(series));

/** Five series of a hundred engines; what claims more is not read any further. */
const maxLines = 500;

/**
 * What vLLM's `/metrics` says of its load, its engines added up and their cache use averaged;
 * `undefined` where it speaks of no requests. https://docs.vllm.ai/en/latest/usage/metrics/
 */
export const loadOf = async (metrics: string): Promise<Load | undefined> => {
  // A server writes hundreds of series; only these are worth parsing.
  const lines = metrics
    .split('\n')
    .filter((line) => names.has(/^[^{ ]*/.exec(line)?.[0] ?? ''))
    .slice(0, maxLines);
  const { default: parse } = await import('parse-prometheus-text-format');
  const found = new Map<string, readonly number[]>();
  for (const family of parse(`${lines.join('\n')}\n`)) {
    const values = family.metrics.map(({ value }) => Number(value));
    found.set(
      family.name,
      values.filter((value) => value >= 0 && value <= Number.MAX_SAFE_INTEGER),
    );
  }
  const sum = (name: string): number | undefined => {
    const values = found.get(name) ?? [];
    return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
  };
  const running = sum(series.running);
  const waiting = sum(series.waiting);
  if (running === undefined || waiting === undefined) return undefined;
  const cacheUse = sum(series.cacheUse);
  const prefixQueries = sum(series.prefixQueries);
  const prefixHits = sum(series.prefixHits);
  return {
    running,
    waiting,
    ...(cacheUse !== undefined && {
      cacheUse: Math.min(cacheUse / (found.get(series.cacheUse)?.length ?? 1), 1),
    }),
    ...(prefixQueries !== undefined && { prefixQueries }),
    ...(prefixHits !== undefined && { prefixHits }),
  };
};
