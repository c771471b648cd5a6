// SPDX-License-Identifier: GPL-3.0-only
import { requireDay } from '../../day/require-day.ts';
import { daySigns } from './day-signs.ts';
import { untilInterrupted } from './interrupt.ts';

/** How often it is looked whether a night has begun [ms]. */
const lookMs = 3_000;

/**
 * Work that ends when a night begins on this machine, or when the person stops it; see `untilInterrupted`.
 * @throws UserError when it is night.
 */
export const whileDay = async (
  what: string,
  farewell: string,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> => {
  requireDay(what, await daySigns());
  const night = new AbortController();
  const looking = setInterval(async () => {
    try {
      requireDay(what, await daySigns());
    } catch (error) {
      night.abort(error);
    }
  }, lookMs);
  try {
    await untilInterrupted(farewell, (stop) => work(AbortSignal.any([stop, night.signal])));
  } catch (error) {
    if (night.signal.aborted) throw night.signal.reason;
    throw error;
  } finally {
    clearInterval(looking);
  }
};
