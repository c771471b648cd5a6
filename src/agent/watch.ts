// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault } from '../engine/engine.ts';

const maxDelay = 2 ** 31 - 1;

/** The clocks of one run: whatever it waits for ends when one of them does. */
export type Watch = {
  /** Aborted by the outer signal, by the run's timeout or by an idle engine. */
  readonly signal: AbortSignal;
  /** Whether the run's own time is over, also when no timer had a chance to fire. */
  readonly expired: () => boolean;
  /** The work's value, or a rejection as soon as a clock ends. */
  readonly race: <T>(work: Promise<T> | T) => Promise<T>;
  /** Like `race`, and an EngineFault after `ms` without a call of `onProgress`. */
  readonly raceIdle: <T>(ms: number, work: (onProgress: () => void) => Promise<T>) => Promise<T>;
  readonly close: () => void;
};

/** Starts the clocks; `timeout` in ms, `clock` gives ms from any origin. */
export const startWatch = (outer: AbortSignal, timeout: number, clock: () => number): Watch => {
  const controller = new AbortController();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => {});
  const stop = (reason: unknown): void => {
    reject(reason);
    controller.abort(reason);
  };
  const stopByOuter = (): void => stop(outer.reason);
  const deadline = clock() + timeout;
  let expired = false;
  const expire = (): void => {
    expired = true;
    stop(new Error(`timed out after ${timeout} ms`));
  };
  const timer = setTimeout(expire, Math.min(timeout, maxDelay));
  outer.addEventListener('abort', stopByOuter, { once: true });
  if (outer.aborted) stopByOuter();
  const race = <T>(work: Promise<T> | T): Promise<T> => Promise.race([work, aborted]);
  return {
    signal: controller.signal,
    expired: () => {
      expired ||= clock() >= deadline;
      return expired;
    },
    race,
    raceIdle: async (ms, work) => {
      const silent = (): void => stop(new EngineFault(`the engine was silent for ${ms} ms`));
      const idle = setTimeout(silent, Math.min(ms, maxDelay));
      let waiting = true;
      try {
        return await race(work(() => void (waiting && idle.refresh())));
      } finally {
        waiting = false;
        clearTimeout(idle);
      }
    },
    close: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', stopByOuter);
    },
  };
};
