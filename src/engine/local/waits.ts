// SPDX-License-Identifier: GPL-3.0-only
import { SilentFault } from '../contract/engine.ts';

/** Time without a sign of life. */
export type Idle = {
  /** Rejects with an EngineFault when it is over. */
  readonly silent: Promise<never>;
  readonly refresh: () => void;
  readonly end: () => void;
};

const longestTimer = 2 ** 31 - 1;

/** Starts to wait `ms` for a first sign; `setting` is for the message (`profiles.gpu.default`). */
export const startIdle = (ms: number, setting: string): Idle => {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const fail = (): void =>
    reject(new SilentFault(`${setting}: the model wrote nothing for ${ms} ms`));
  const timer = setTimeout(fail, Math.min(ms, longestTimer));
  return {
    silent: promise,
    refresh: () => void timer.refresh(),
    end: () => clearTimeout(timer),
  };
};

/** What the work gives. @throws the signal's reason when that comes first; the work goes on. */
export const raceAbort = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const stop = (): void => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
