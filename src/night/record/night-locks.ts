// SPDX-License-Identifier: GPL-3.0-only
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stateAt, stateBase } from './state-folder.ts';

/** The locks that nights of all repositories of this machine take. */
export const nightLocks = async (
  environment: NodeJS.ProcessEnv = process.env,
): Promise<readonly string[]> => {
  const base = stateBase(environment);
  const names = await readdir(base).catch(() => []);
  return names.map((name) => stateAt(join(base, name)).lock);
};
