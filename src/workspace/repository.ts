// SPDX-License-Identifier: GPL-3.0-only
import { realpath, stat } from 'node:fs/promises';
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
 * The repository that contains `dir`.
 * @throws UserError when that is not a folder, not in a repository or has no commit yet.
 */
export const resolveRepository = async (dir: string): Promise<Repository> => {
  const folder = await folderAt(dir);
  const [bare, inCheckout, gitDir = folder, head = '', ref = '', up = ''] = await ask(folder, dir);
  if (bare !== 'true' && inCheckout !== 'true') {
    throw new UserError("is inside git's own folder. Give the folder that contains .git", {
      place: { file: dir },
    });
  }
  const root = bare === 'true' ? gitDir : resolve(await realpath(folder), up);
  const branch = ref.startsWith(heads) ? ref.slice(heads.length) : undefined;
  return { root, gitDir, head, branch };
};

/**
 * Top folder of the checkout that contains `dir`; it need not have a commit yet.
 * @throws UserError when that is not a folder or not in a checkout.
 */
export const resolveCheckout = async (dir: string): Promise<string> => {
  const folder = await folderAt(dir);
  try {
    const { stdout } = await git(folder, ['rev-parse', '--show-cdup']);
    return resolve(await realpath(folder), stdout.toString().trimEnd());
  } catch (cause) {
    if (!(cause instanceof GitFault) || cause.code === undefined) throw cause;
    throw outside(dir, cause);
  }
};

const folderAt = async (dir: string): Promise<string> => {
  const folder = resolve(dir);
  const stats = await stat(folder).catch((cause) => {
    throw new UserError('does not exist. Give the folder of a git repository', {
      place: { file: dir },
      cause,
    });
  });
  if (!stats.isDirectory()) {
    throw new UserError('is not a folder. Give the folder of a git repository', {
      place: { file: dir },
    });
  }
  return folder;
};

/** Whether a clone has only a part of its history. */
export const isShallow = async (repository: string): Promise<boolean> => {
  const { stdout } = await git(repository, ['rev-parse', '--is-shallow-repository']);
  return stdout.toString().trim() === 'true';
};

const heads = 'refs/heads/';

/** Everything in one process; the way up comes last, for a bare repository prints none. */
const questions = [
  '--is-bare-repository',
  '--is-inside-work-tree',
  '--git-common-dir',
  'HEAD^{commit}',
  ...['--symbolic-full-name', 'HEAD'],
  '--show-cdup',
];

const ask = async (folder: string, dir: string): Promise<readonly string[]> => {
  try {
    const asked = ['rev-parse', '--path-format=absolute', ...questions, '--'];
    const { stdout } = await git(folder, asked);
    return stdout.toString().split('\n').slice(0, -2);
  } catch (cause) {
    if (!(cause instanceof GitFault) || cause.code === undefined) throw cause;
    throw cause.stderr.includes('bad revision') ? withoutCommit(dir, cause) : outside(dir, cause);
  }
};

const outside = (dir: string, cause: GitFault): UserError => {
  const place = { file: dir };
  if (cause.stderr.includes('dubious ownership')) {
    return new UserError(
      'belongs to another user, so git refuses it. Run as that user, or list it with git config --global --add safe.directory',
      { place, cause },
    );
  }
  if (cause.stderr.includes('not a git repository')) {
    return new UserError('is not in a git repository. Run git init there, or give another folder', {
      place,
      cause,
    });
  }
  return new UserError(`cannot be read by git (${cause.stderr.trim()}). Repair it first`, {
    place,
    cause,
  });
};

const withoutCommit = (dir: string, cause: GitFault): UserError =>
  new UserError('has no commit to work on. Commit its files first', {
    place: { file: dir },
    cause,
  });
