// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import type { Repository } from '../../workspace/repository.ts';
import type { StateFolder } from '../record/state-folder.ts';

/** A night of any size leaves more than this. */
const leastBytes = 32 * 1024 * 1024;

/**
 * Whether a night could keep and open what it makes, which is told before the work and not after it.
 * @throws UserError where a folder cannot be written, or its disk is full.
 */
export const checkPlace = async (
  { gitDir }: Pick<Repository, 'gitDir'>,
  { root }: Pick<StateFolder, 'root'>,
): Promise<void> => {
  const ownClone = 'Run as its owner, or work on a clone that can be written';
  await checkFolder(there(root), 'nights are kept', 'Name another folder in PANTHEON_STATE');
  await checkFolder(gitDir, 'the branches of a night go', ownClone);
  await checkFolder(join(gitDir, 'objects'), 'the commits of a night go', ownClone);
  await checkFolder(tmpdir(), 'tests run', 'Name another folder in TMPDIR');
};

/** The folder, or what of its path is there. */
const there = (folder: string): string => (existsSync(folder) ? folder : there(dirname(folder)));

const checkFolder = async (folder: string, what: string, fix: string): Promise<void> => {
  const mistake = (problem: string, advice: string, cause?: unknown): UserError =>
    new UserError(`${problem}, and it is where ${what}. ${advice}`, {
      place: { file: folder },
      cause,
    });
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw mistake(problems[code] ?? `cannot be written (${code})`, fix, cause);
  }
  const { bavail, bsize, blocks } = await statfs(folder);
  const left = bavail * bsize;
  // Some file systems do not say how large they are.
  if (blocks === 0 || left >= leastBytes) return;
  throw mistake(`has ${Math.floor(left / 1024 ** 2)} MB left on its disk`, 'Make room there');
};

const problems: Readonly<Record<string, string>> = {
  EROFS: 'is on a file system that is read-only',
  ENOENT: 'does not exist',
};
