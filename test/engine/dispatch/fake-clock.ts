// SPDX-License-Identifier: GPL-3.0-only
import { setImmediate } from 'node:timers/promises';
import type { DispatchClock } from '../../../src/engine/dispatch/clock.ts';

export type FakeClock = DispatchClock & {
  /** Lets time pass, one timer after the other, and everything settle in between. */
  readonly pass: (ms: number) => Promise<void>;
  readonly timers: () => number;
};

type Timer = { readonly at: number; readonly run: () => void };

/** A clock that stands still until it is told. */
export const fakeClock = (): FakeClock => {
  let now = 0;
  const timers = new Set<Timer>();
  const nextBefore = (end: number): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
    }
    return first;
  };
  return {
    now: () => now,
    after: (ms, run) => {
      const timer = { at: now + Math.max(0, ms), run };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    pass: async (ms) => {
      const end = now + ms;
      await setImmediate();
      for (let timer = nextBefore(end); timer; timer = nextBefore(end)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.run();
        await setImmediate();
      }
      now = end;
    },
    timers: () => timers.size,
  };
};
