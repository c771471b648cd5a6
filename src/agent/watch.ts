// SPDX-License-Identifier: GPL-3.0-only
import { SilentFault } from '../engine/contract/engine.ts';

const maxDelay = 2 ** 31 - 1;

/** A run may wait for others this many times as long as it may take itself. */
const mostHeld = 20;

/** The clocks of one run: whatever it waits for ends when one of them does. */
export type Watch = {
  /** Aborted by the outer signal, by the run's timeout or by an idle engine. */
  readonly signal: AbortSignal;
  /** Whether the run's own time is over, also when no timer had a chance to fire. */
  readonly expired: () => boolean;
  /** The work's value, or a rejection as soon as a clock ends. */
  readonly race: <T>(work: Promise<T> | T) => Promise<T>;
  /** Like `race`, and an EngineFault after `ms` without a call of `onProgress`, waits for others aside. */
  readonly raceIdle: <T>(ms: number, work: (onProgress: () => void) => Promise<T>) => Promise<T>;
  /** Stops and starts both times, while the run waits for others; boundedly. */
  readonly hold: (waits: boolean) => void;
  readonly close: () => void;
};

/** Starts the clocks; `timeout` in ms. */
export const startWatch = (outer: AbortSignal, timeout: number): Watch => {
  const controller = new AbortController();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => {});
  const stop = (reason: unknown): void => {
    reject(reason);
    controller.abort(reason);
  };
  const stopByOuter = (): void => stop(outer.reason);
  let deadline = performance.now() + timeout;
  let heldAt: number | undefined;
  let holdable = mostHeld * timeout;
  let expired = false;
  let closed = false;
  let idle: { timer: NodeJS.Timeout; readonly start: () => NodeJS.Timeout } | undefined;
  const expire = (): void => {
    expired = true;
    stop(new Error(`timed out after ${timeout} ms`));
  };
  // A busy process may come to it late.
  const expireIn = (ms: number): NodeJS.Timeout =>
    setTimeout(expire, Math.max(0, Math.min(ms, maxDelay)));
  let timer = expireIn(timeout);
  outer.addEventListener('abort', stopByOuter, { once: true });
  if (outer.aborted) stopByOuter();
  const race = <T>(work: Promise<T> | T): Promise<T> => Promise.race([work, aborted]);
  return {
    signal: controller.signal,
    expired: () => {
      expired ||= heldAt === undefined && performance.now() >= deadline;
      return expired;
    },
    race,
    raceIdle: async (ms, work) => {
      const silent = (): void => stop(new SilentFault(`the engine was silent for ${ms} ms`));
      const start = (): NodeJS.Timeout => setTimeout(silent, Math.min(ms, maxDelay));
      const mine = { start, timer: start() };
      idle = mine;
      try {
        return await race(work(() => void (idle === mine && mine.timer.refresh())));
      } finally {
        idle = undefined;
        clearTimeout(mine.timer);
      }
    },
    hold: (waits) => {
      if (closed || waits === (heldAt !== undefined) || controller.signal.aborted) return;
      clearTimeout(timer);
      if (heldAt === undefined) {
        clearTimeout(idle?.timer);
        heldAt = performance.now();
        timer = expireIn(holdable);
        return;
      }
      const waited = performance.now() - heldAt;
      heldAt = undefined;
      holdable -= waited;
      deadline += waited;
      timer = expireIn(deadline - performance.now());
      if (idle) idle.timer = idle.start();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      outer.removeEventListener('abort', stopByOuter);
    },
  };
};
