// SPDX-License-Identifier: GPL-3.0-only
import type { DaySigns } from '../../day/require-day.ts';
import { nightLocks } from '../../night/record/night-locks.ts';

/** What says whether it is night on this machine: this environment, and the lock of every repository. */
export const daySigns = async (
  environment: NodeJS.ProcessEnv = process.env,
): Promise<DaySigns> => ({
  environment,
  locks: await nightLocks(environment),
});
