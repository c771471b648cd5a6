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
  /** From being asked for to being sent for the last time [ms]. */
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
  let waits: number[] = [];
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
      waits.push(queuedMs);
    },
    begin: (now) => {
      Object.assign(total, nothing);
      waits = [];
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
        queueMs: waitsOf(waits),
      };
    },
  };
};

/** More tokens than any answer takes: a million answers that claim as many still add up exactly. */
const mostCounted = 2 ** 32;

/** A count from outside, or 0 where it is none. */
const counted = (count: number): number =>
  count > 0 && Number.isFinite(count) ? Math.min(Math.floor(count), mostCounted) : 0;

const waitsOf = (waits: readonly number[]): Figures['queueMs'] => {
  const sorted = waits.toSorted((a, b) => a - b);
  const sum = sorted.reduce((total, ms) => total + ms, 0);
  return {
    mean: sorted.length > 0 ? sum / sorted.length : 0,
    p95: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0,
    max: sorted.at(-1) ?? 0,
  };
};
