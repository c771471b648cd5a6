// SPDX-License-Identifier: GPL-3.0-only
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../data/user-error.ts';

const folders = {
  CACHE: '.cache',
  STATE: '.local/state',
  DATA: '.local/share',
  CONFIG: '.config',
} as const;

/** A folder of this user's (XDG Base Directory Specification 0.8); `undefined` where the user has no home. */
export const userFolder = (
  kind: keyof typeof folders,
  environment: NodeJS.ProcessEnv,
): string | undefined => {
  const set = environment[`XDG_${kind}_HOME`];
  if (set?.startsWith('/')) return set;
  const home = homeFolder();
  return home?.startsWith('/') ? join(home, folders[kind]) : undefined;
};

/** Nothing where neither HOME nor the list of users says. */
const homeFolder = (): string | undefined => {
  try {
    return homedir();
  } catch {
    return undefined;
  }
};

/** What a user without a home is told; `setting` is what else may be set. */
export const noHome = (setting: string): UserError =>
  new UserError(`this user has no home folder. Set ${setting}, or HOME`);
