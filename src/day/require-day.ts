// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../data/user-error.ts';
import { lockHolder } from '../trace/lock.ts';

/** What tells day from night: the environment, and the locks of nights of this machine. */
export type DaySigns = {
  readonly environment: NodeJS.ProcessEnv;
  /** Lock folders of all repositories; see `acquireLock`. */
  readonly locks: readonly string[];
};

/**
 * Nothing that reaches out of this machine starts, or goes on, while a night is at work on it.
 * @throws UserError when it is night.
 */
export const requireDay = (what: string, { environment, locks }: DaySigns): void => {
  const { PANTHEON_NIGHT: night = '' } = environment;
  if (night !== '' && night !== '0') {
    throw new UserError(
      `${what} works by day only, and PANTHEON_NIGHT is set: a night started this; run it yourself, in another shell`,
    );
  }
  for (const lock of locks) {
    const holder = lockHolder(lock);
    if (holder === undefined) continue;
    throw new UserError(`${what} works by day only, and a night is at work: ${holder}`, {
      place: { file: lock },
    });
  }
};
