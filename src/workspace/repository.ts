// SPDX-License-Identifier: GPL-3.0-only
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../data/user-error.ts';
import { GitFault, git } from './git.ts';

/** A repository on this machine, at the commit it has checked out. */
export type Repository = {
  /** Top folder of the checkout; the repository's own folder where it is bare. */
  readonly root: string;
  /** Where objects and refs are, the same for every linked worktree. */
  readonly gitDir: string;
  /** Commit id of HEAD. */
  readonly head: string;
  /** Short name; `undefined` when HEAD is detached. */
  readonly branch: string | undefined;
};

/**
 * The repository that holds `dir`.
 * @throws UserError when that is no folder, not in a repository or has no commit yet.
 */
export const resolveRepository = async (dir: string): Promise<Repository> => {
  const folder = resolve(dir);
  const stats = await stat(folder).catch((cause) => {
    throw new UserError('is not there; give the folder of a git repository', {
      place: { file: dir },
      cause,
    });
  });
  if (!stats.isDirectory()) {
    throw new UserError('is not a folder; give the folder of a git repository', {
      place: { file: dir },
    });
  }
  const [bare, inCheckout, gitDir] = await ask(
    folder,
    ['--is-bare-repository', '--is-inside-work-tree', '--git-common-dir'],
    (cause) => outside(dir, cause),
  );
  if (bare !== 'true' && inCheckout !== 'true') {
    throw new UserError("is inside git's own folder; give the folder that holds .git", {
      place: { file: dir },
    });
  }
  const [[root = folder], [head = ''], branch] = await Promise.all([
    bare === 'true' ? [gitDir] : ask(folder, ['--show-toplevel'], (cause) => outside(dir, cause)),
    ask(folder, ['--verify', 'HEAD^{commit}'], (cause) => withoutCommit(dir, cause)),
    branchOf(folder),
  ]);
  return { root, gitDir: gitDir ?? folder, head, branch };
};

const ask = async (
  folder: string,
  questions: readonly string[],
  toError: (cause: GitFault) => Error,
): Promise<readonly string[]> => {
  try {
    const { stdout } = await git(folder, ['rev-parse', '--path-format=absolute', ...questions]);
    return stdout.toString().split('\n').slice(0, -1);
  } catch (cause) {
    throw cause instanceof GitFault && cause.code !== undefined ? toError(cause) : cause;
  }
};

const branchOf = async (folder: string): Promise<string | undefined> => {
  try {
    const { stdout } = await git(folder, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
    return stdout.toString().trim();
  } catch (cause) {
    if (cause instanceof GitFault && cause.code === 1) return undefined;
    throw cause;
  }
};

const outside = (dir: string, cause: GitFault): UserError => {
  const place = { file: dir };
  if (cause.stderr.includes('dubious ownership')) {
    return new UserError(
      'belongs to another user, so git refuses it; run as that user, or list it with git config --global --add safe.directory',
      { place, cause },
    );
  }
  if (cause.stderr.includes('not a git repository')) {
    return new UserError('is not in a git repository; run git init there, or give another folder', {
      place,
      cause,
    });
  }
  return new UserError(`cannot be read by git (${cause.stderr.trim()}); repair it first`, {
    place,
    cause,
  });
};

const withoutCommit = (dir: string, cause: GitFault): UserError =>
  new UserError('has no commit to work on (HEAD names none); commit its files first', {
    place: { file: dir },
    cause,
  });
