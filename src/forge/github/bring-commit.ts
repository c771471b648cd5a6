// SPDX-License-Identifier: GPL-3.0-only
import { CommitFault, changesOf, fetchBundle } from '../../workspace/commit.ts';
import { GitFault, git } from '../../workspace/git.ts';
import { isShallow } from '../../workspace/repository.ts';
import type { PullRequest } from '../forge.ts';
import { ForgeFault } from '../forge-fault.ts';
import { gitSucceeds } from '../git-succeeds.ts';
import { fetchCommit } from './git-remote.ts';
import type { GithubContext } from './github-context.ts';

/**
 * Makes sure that the commit is in the repository, from its bundle where need be, and that its base
 * is known to the remote: a push must carry this one commit and nothing that only this machine has.
 * @throws ForgeFault, `blocked` where the base is not published yet.
 */
export const bringCommit = async (
  context: GithubContext,
  { base, commit }: Pick<PullRequest, 'base' | 'commit'>,
  bundle: string | undefined,
  target: { readonly into: string; readonly tip: string },
): Promise<void> => {
  const { repository, github } = context;
  if (!(await has(repository, base))) await fetchCommit(repository, github, base);
  if (!(await has(repository, commit))) await unpack(repository, commit, bundle);
  try {
    await changesOf(repository, base, commit);
  } catch (cause) {
    if (!(cause instanceof CommitFault)) throw cause;
    throw new ForgeFault('refused', cause.message, { cause });
  }
  await checkBase(context, base, target);
};

const unpack = async (
  repository: string,
  commit: string,
  bundle: string | undefined,
): Promise<void> => {
  if (bundle === undefined) {
    throw new ForgeFault('refused', `the commit ${commit} is gone, and no bundle of it was kept`);
  }
  try {
    await fetchBundle(repository, bundle, commit);
  } catch (cause) {
    const broken =
      cause instanceof CommitFault || (cause instanceof GitFault && cause.code !== undefined);
    if (!broken) throw cause;
    throw new ForgeFault('refused', `its bundle in the outbox is broken: ${cause.message}`, {
      cause,
    });
  }
};

const checkBase = async (
  { repository, github }: GithubContext,
  base: string,
  { into, tip }: { readonly into: string; readonly tip: string },
): Promise<void> => {
  // A shallow clone came from the remote a moment ago, and has too little history to tell.
  if (tip === base || (await isShallow(repository))) return;
  if (!(await has(repository, tip))) await fetchCommit(repository, github, tip);
  if (await isAncestor(repository, base, tip)) return;
  throw new ForgeFault(
    'blocked',
    `its base ${base.slice(0, 12)} is not part of ${into} on the remote; push it first`,
  );
};

const has = (repository: string, commit: string): Promise<boolean> =>
  gitSucceeds(() => git(repository, ['cat-file', '-e', `${commit}^{commit}`]));

const isAncestor = (repository: string, base: string, tip: string): Promise<boolean> =>
  gitSucceeds(() => git(repository, ['merge-base', '--is-ancestor', base, tip]));
