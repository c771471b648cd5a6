// SPDX-License-Identifier: GPL-3.0-only
import type { CompletionRecord } from '../../trace/model-usage.ts';
import type { NodeMetrics } from './node-metrics.ts';

/** What the bundles tell of an engine's work. What nobody measured is `null`, never 0. */
export type EngineLoad = {
  readonly engine: string;
  readonly requests: number;
  readonly failures: number;
  /** Time in which at least one request was with the engine [s]. */
  readonly busySeconds: number;
  /** Requests with the engine at once: on average over that time, and at most. */
  readonly batch: number | null;
  readonly peak: number | null;
  /** Completion tokens over that time. */
  readonly tokensPerSecond: number | null;
  /** Share of the prompts' tokens from a prefix cache; an engine without one reports none, like one that never hit. */
  readonly cacheHits: number | null;
  /** Mean wait for a slot [ms]. */
  readonly queueMs: number | null;
  /** Share of the time in which the GPU worked: no engine reports it. */
  readonly gpuUse: number | null;
};

/** One for each engine and model that was asked, in the order of their names. */
export const engineLoads = (nodes: Iterable<NodeMetrics>): readonly EngineLoad[] =>
  [...completionsByEngine(nodes)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([engine, completions]) => loadOf(engine, completions));

const completionsByEngine = (
  nodes: Iterable<NodeMetrics>,
): ReadonlyMap<string, readonly CompletionRecord[]> => {
  const byEngine = new Map<string, CompletionRecord[]>();
  for (const { engine, completions } of nodes) {
    if (engine === null || completions.length === 0) continue;
    const list = byEngine.get(engine);
    if (list === undefined) byEngine.set(engine, [...completions]);
    else for (const completion of completions) list.push(completion);
  }
  return byEngine;
};

const loadOf = (engine: string, completions: readonly CompletionRecord[]): EngineLoad => {
  const answered = completions.filter(({ finish }) => finish !== 'error');
  const { busyMs, requestMs, peak } = occupancyOf(answered);
  const total = (read: (one: CompletionRecord) => number) =>
    answered.reduce((sum, one) => sum + read(one), 0);
  const tokens = total(({ completionTokens }) => completionTokens);
  const cached = total(({ cachedTokens }) => cachedTokens);
  const prompt = total(({ promptTokens }) => promptTokens);
  const waits = answered.flatMap(({ queuedMs }) => queuedMs ?? []);
  const measured = busyMs > 0;
  return {
    engine,
    requests: completions.length,
    failures: completions.length - answered.length,
    busySeconds: busyMs / 1000,
    batch: measured ? requestMs / busyMs : null,
    peak: measured ? peak : null,
    tokensPerSecond: measured && tokens > 0 ? (tokens / busyMs) * 1000 : null,
    cacheHits: cached > 0 && prompt > 0 ? Math.min(1, cached / prompt) : null,
    queueMs: waits.length > 0 ? waits.reduce((sum, ms) => sum + ms, 0) / waits.length : null,
    gpuUse: null,
  };
};

/** When a request was with the engine [ms since 1970]: not while it waited for a slot. */
const spanOf = ({
  startedAt,
  queuedMs = 0,
  totalMs,
}: CompletionRecord): readonly [from: number, to: number] => [
  startedAt + Math.min(queuedMs, totalMs),
  startedAt + totalMs,
];

const occupancyOf = (completions: readonly CompletionRecord[]) => {
  const events = completions
    .map(spanOf)
    .flatMap(([from, to]) => [
      { at: from, by: 1 },
      { at: to, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let [running, peak, busyMs, requestMs, since] = [0, 0, 0, 0, 0];
  for (const { at, by } of events) {
    if (running > 0) busyMs += at - since;
    requestMs += running * (at - since);
    running += by;
    peak = Math.max(peak, running);
    since = at;
  }
  return { busyMs, requestMs, peak };
};

/** An engine's work in one part of a night, of equal length all. */
export type LoadPoint = {
  /** When the part began [ms since 1970]. */
  readonly at: number;
  readonly batch: number;
  /** `null` where no engine counts tokens. */
  readonly tokensPerSecond: number | null;
};

/** The load of all engines over time, for a chart: each answer's tokens are spread over the time it took. */
export const loadOverTime = (nodes: Iterable<NodeMetrics>, parts = 60): readonly LoadPoint[] => {
  const answered = [...nodes]
    .flatMap(({ completions }) => completions)
    .filter(({ finish }) => finish !== 'error');
  const spans = answered.map(spanOf);
  const start = spans.reduce((first, [from]) => Math.min(first, from), Number.POSITIVE_INFINITY);
  const end = spans.reduce((last, [, to]) => Math.max(last, to), Number.NEGATIVE_INFINITY);
  if (!(end > start)) return [];
  const width = (end - start) / parts;
  const busy = new Float64Array(parts);
  const tokens = new Float64Array(parts);
  for (const [at, [from, to]] of spans.entries()) {
    if (!(to > from)) continue;
    const rate = (answered[at]?.completionTokens ?? 0) / (to - from);
    const last = Math.min(parts - 1, Math.floor((to - start) / width));
    for (let part = Math.floor((from - start) / width); part <= last; part += 1) {
      const inside =
        Math.min(to, start + (part + 1) * width) - Math.max(from, start + part * width);
      busy[part] = (busy[part] ?? 0) + inside;
      tokens[part] = (tokens[part] ?? 0) + inside * rate;
    }
  }
  const counted = tokens.some((count) => count > 0);
  return Array.from({ length: parts }, (_, part) => ({
    at: start + part * width,
    batch: (busy[part] ?? 0) / width,
    tokensPerSecond: counted ? ((tokens[part] ?? 0) / width) * 1000 : null,
  }));
};
