// SPDX-License-Identifier: GPL-3.0-only
import type { Usage } from '../contract/engine.ts';

/** What one engine, or one agent on it, did since the count began. */
export type Figures = {
  readonly requests: number;
  /** Ended by a fault of the engine. */
  readonly failures: number;
  /** Sent once more because the engine was busy. */
  readonly retries: number;
  readonly tokens: Usage;
  /** Time in which at least one request was with the engine [s]. */
  readonly busySeconds: number;
  /** Requests with the engine at once, on average over that time. */
  readonly batch: number;
  /** Completion tokens over that time. */
  readonly tokensPerSecond: number;
  /** Prompt tokens served from a prefix cache, 0 to 1; `null` before the first token. */
  readonly prefixHitRate: number | null;
  /** From being asked for to being sent for the last time [ms]; p95 is up to 9 % high. */
  readonly queueMs: { readonly mean: number; readonly p95: number; readonly max: number };
};

export type RequestMeter = {
  readonly asked: () => void;
  readonly sent: (now: number) => void;
  /** A request is back from the engine. */
  readonly back: (now: number) => void;
  readonly retried: () => void;
  readonly failed: () => void;
  readonly answered: (usage: Usage, queuedMs: number) => void;
  /** Counts from zero again; what is in flight stays in flight. */
  readonly begin: (now: number) => void;
  readonly read: (now: number) => Figures;
};

const nothing = {
  requests: 0,
  failures: 0,
  retries: 0,
  prompt: 0,
  cached: 0,
  completion: 0,
  busyMs: 0,
  requestMs: 0,
};

/** Counts from `start` on; every time is in ms of one clock. */
export const openMeter = (start: number): RequestMeter => {
  const total = { ...nothing };
  let waits = openWaits();
  let running = 0;
  let since = start;
  const pass = (now: number): void => {
    const ms = Math.max(0, now - since);
    since = now;
    if (running > 0) total.busyMs += ms;
    total.requestMs += ms * running;
  };
  const move = (now: number, by: 1 | -1): void => {
    pass(now);
    running += by;
  };
  return {
    asked: () => {
      total.requests += 1;
    },
    sent: (now) => move(now, 1),
    back: (now) => move(now, -1),
    retried: () => {
      total.retries += 1;
    },
    failed: () => {
      total.failures += 1;
    },
    answered: (usage, queuedMs) => {
      total.prompt += counted(usage.prompt);
      total.cached += counted(usage.cached);
      total.completion += counted(usage.completion);
      waits.add(queuedMs);
    },
    begin: (now) => {
      Object.assign(total, nothing);
      waits = openWaits();
      since = now;
    },
    read: (now) => {
      pass(now);
      const { requests, failures, retries, prompt, cached, completion, busyMs, requestMs } = total;
      return {
        requests,
        failures,
        retries,
        tokens: { prompt, cached, completion },
        busySeconds: busyMs / 1000,
        batch: busyMs > 0 ? requestMs / busyMs : 0,
        tokensPerSecond: busyMs > 0 ? (completion / busyMs) * 1000 : 0,
        prefixHitRate: prompt > 0 ? Math.min(1, cached / prompt) : null,
        queueMs: waits.read(),
      };
    },
  };
};

/** More tokens than any answer takes: a million answers that claim as many still add up exactly. */
const mostCounted = 2 ** 32;

/** A count from outside, or 0 where it is none. */
const counted = (count: number): number =>
  count > 0 && Number.isFinite(count) ? Math.min(Math.floor(count), mostCounted) : 0;

/** Buckets per doubling: each is 9 % wide. */
const perDoubling = 8;

/** However many there are, a few hundred buckets are enough. */
const openWaits = () => {
  const buckets = new Map<number, number>();
  let count = 0;
  let sum = 0;
  let max = 0;
  const p95 = (): number => {
    let left = Math.ceil(count * 0.95);
    for (const [bucket, inBucket] of [...buckets].sort(([a], [b]) => a - b)) {
      left -= inBucket;
      if (left <= 0) return bucket < 0 ? 0 : Math.min(max, 2 ** (bucket / perDoubling));
    }
    return max;
  };
  return {
    add: (ms: number): void => {
      // Under a millisecond is not a wait; those are in the bucket below all others.
      const bucket = ms < 1 ? -1 : Math.ceil(Math.log2(ms) * perDoubling);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
      count += 1;
      sum += ms;
      max = Math.max(max, ms);
    },
    read: () => ({ mean: count > 0 ? sum / count : 0, p95: p95(), max }),
  };
};
