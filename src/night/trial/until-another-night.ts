// SPDX-License-Identifier: GPL-3.0-only
import { lockHolder } from '../../trace/lock.ts';
import { nightLocks } from '../record/night-locks.ts';

type Bounds = {
  readonly signal: AbortSignal;
  /** The time that it may take [ms]. */
  readonly mostMs: number;
  /** How often it is looked whether a night has begun [ms]. */
  readonly lookMs?: number;
};

/** Work that ends with its time, or when a night begins on this machine. @throws the reason of what ended it. */
export const untilAnotherNight = async (
  { signal, mostMs, lookMs = 3_000 }: Bounds,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  const stop = new AbortController();
  const look = async (): Promise<void> => {
    const holder = (await nightLocks()).map(lockHolder).find((one) => one !== undefined);
    if (holder !== undefined) stop.abort(new Error(`another night began: ${holder}`));
  };
  const looking = setInterval(() => void look().catch((error) => stop.abort(error)), lookMs);
  const over = setTimeout(() => stop.abort(new Error('its time was over')), mostMs);
  await look();
  try {
    await work(AbortSignal.any([signal, stop.signal]));
  } finally {
    clearInterval(looking);
    clearTimeout(over);
  }
};
