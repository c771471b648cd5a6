// SPDX-License-Identifier: GPL-3.0-only
import { untilInterrupted } from './interrupt.ts';
import { createProgress, type Progress } from './progress.ts';

/** What a part of a night is watched and stopped by. */
export type NightRunning = Pick<Progress, 'watch' | 'say'> & { readonly signal: AbortSignal };

/**
 * What a part of a night gives. What it starts is refused what only a person may ask for by day.
 * @throws Interrupted as `untilInterrupted` does.
 */
export const atNight = async <Result>(
  { quiet }: { readonly quiet: boolean },
  farewell: Parameters<typeof untilInterrupted>[0],
  work: (running: NightRunning) => Promise<Result>,
): Promise<Result> => {
  process.env.PANTHEON_NIGHT = '1';
  const { watch, say, stop } = createProgress({ quiet });
  try {
    return await untilInterrupted(farewell, (signal) => work({ watch, say, signal }));
  } finally {
    stop();
  }
};
