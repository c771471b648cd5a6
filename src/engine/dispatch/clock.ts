// SPDX-License-Identifier: GPL-3.0-only

export type Timer = { readonly cancel: () => void };

/** Milliseconds from any origin, and one call after some of them. */
export type DispatchClock = {
  readonly now: () => number;
  readonly after: (ms: number, run: () => void) => Timer;
};

/** The monotonic clock. */
export const realClock: DispatchClock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
