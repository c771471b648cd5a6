// SPDX-License-Identifier: GPL-3.0-only
import type { PullRequest } from '../../forge/forge.ts';
import type { Decision } from '../../review/gate/gate-agent.ts';
import { CommitFault, changesOf, fetchBundle } from '../../workspace/commit.ts';
import { GitFault } from '../../workspace/git.ts';
import type { FileChange } from '../../workspace/overlay.ts';
import { patchDigest, pullRequestDigest } from '../../workspace/patch-digest.ts';
import type { Session } from '../run/session.ts';

/** What the gate left is not what it decided. */
export class Tampered extends Error {
  override readonly name = 'Tampered';
}

/** Where the commit is to go. */
type CommitContext = Pick<Session, 'night' | 'repository'>;

/**
 * Computes every digest again from the commit that is sent.
 * @throws Tampered on any difference from what both reviewers approved.
 */
export const checkCommit = async (
  context: CommitContext,
  decision: Decision,
  pullRequest: PullRequest,
  bundle: string,
): Promise<void> => {
  const { commit } = pullRequest;
  if (commit !== decision.commit) {
    throw new Tampered(`the gate decided commit ${decision.commit}, not ${commit}`);
  }
  const changes = await changesIn(context, bundle, commit);
  const difference = differenceFrom(decision, pullRequest, changes);
  if (difference !== undefined) throw new Tampered(difference);
};

const changesIn = async (
  { repository, night }: CommitContext,
  bundle: string,
  commit: string,
): Promise<readonly FileChange[]> => {
  try {
    await fetchBundle(repository, bundle, commit);
    return await changesOf(repository, night.base.commit, commit);
  } catch (cause) {
    if (!(cause instanceof Error) || !isBroken(cause)) throw cause;
    const [line] = cause.message.split('\n');
    throw new Tampered(`commit.bundle is not what the gate wrote: ${line}`, { cause });
  }
};

/** A git that was killed says nothing about the bundle. */
const isBroken = (fault: Error): boolean =>
  fault instanceof CommitFault ||
  (fault instanceof GitFault && fault.code !== undefined) ||
  ('code' in fault && fault.code === 'ENOENT');

const differenceFrom = (
  decision: Decision,
  pullRequest: PullRequest,
  changes: readonly FileChange[],
): string | undefined => {
  const byPath = new Map(changes.map((change) => [change.path, change]));
  const approved = decision.units.filter(({ state }) => state === 'approved');
  const digests: string[] = [];
  for (const { id, changes: claimed = [], patchDigest: reviewed } of approved) {
    const unitChanges = claimed.flatMap(({ path }) => byPath.get(path) ?? []);
    for (const { path } of unitChanges) byPath.delete(path);
    const digest = patchDigest(unitChanges);
    if (digest !== reviewed)
      return `the commit does not contain the patch of ${id} that was approved`;
    digests.push(digest);
  }
  const [stray] = byPath.keys();
  if (stray !== undefined) return `the commit changes ${stray}, which no approved unit does`;
  return pullRequestDigest(digests) === decision.digest && decision.digest === pullRequest.digest
    ? undefined
    : 'the pull request’s digest is not the one the gate decided';
};
