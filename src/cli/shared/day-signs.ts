// SPDX-License-Identifier: GPL-3.0-only
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DaySigns } from '../../day/require-day.ts';
import { stateAt, stateBase } from '../../night/record/state-folder.ts';

/** What says whether it is night on this machine: this environment, and the lock of every repository. */
export const daySigns = async (environment: NodeJS.ProcessEnv = process.env): Promise<DaySigns> => {
  const base = stateBase(environment);
  const names = await readdir(base).catch(() => []);
  return { environment, locks: names.map((name) => stateAt(join(base, name)).lock) };
};
