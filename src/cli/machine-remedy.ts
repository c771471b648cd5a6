// SPDX-License-Identifier: GPL-3.0-only
import { GitFault } from '../workspace/git.ts';

/** What a full disk, a folder without rights or an incomplete clone asks of a person, by error code. */
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; make room and run the command again, every finished step is kept',
  EDQUOT: 'the disk quota is used up; make room and run the command again',
  EROFS: 'the file system is read-only; name a folder that can be written in PANTHEON_STATE',
  EACCES: 'permission is missing; check who owns it, or set PANTHEON_STATE',
  EPERM: 'permission is missing; check who owns it, or set PANTHEON_STATE',
};

/**
 * One line for an error that this machine causes and a person can fix; nothing for a defect,
 * which keeps its stack.
 */
export const machineRemedy = (error: unknown): string | undefined => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, path } = cause as NodeJS.ErrnoException;
    const remedy = typeof code === 'string' ? remedies[code] : undefined;
    if (remedy !== undefined) return path === undefined ? remedy : `${path}: ${remedy}`;
    if (cause instanceof GitFault && /promisor|missing blob|lazy fetch/i.test(cause.stderr)) {
      return 'the repository is an incomplete clone; get the rest with git fetch --refetch --no-filter, or clone it whole';
    }
  }
  return undefined;
};
