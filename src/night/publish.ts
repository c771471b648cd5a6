// SPDX-License-Identifier: GPL-3.0-only
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Forge, type PullRequest, pullRequestSchema } from '../forge/forge.ts';
import { type Decision, decisionSchema } from '../review/gate-agent.ts';
import { changesOf, fetchBundle } from '../workspace/commit.ts';
import { patchDigest, pullRequestDigest } from '../workspace/patch-digest.ts';
import { proposalFolder } from './propose.ts';
import type { Session } from './session.ts';
import type { NodeEnd } from './step.ts';

/** What became of a spec's decision outside the child. */
export type Published =
  | { readonly state: 'opened'; readonly pullRequest: PullRequest }
  | { readonly state: 'refused'; readonly reason: string }
  | { readonly state: 'nothing' };

/** The gate's decision in its bundle. @throws when the bundle holds something else. */
export const decisionOf = (gate: Extract<NodeEnd, { readonly status: 'ok' }>): Decision =>
  decisionSchema.parse(gate.output.result);

/**
 * The night's only writer to a forge. It recomputes every digest from the commit that is sent; any
 * difference from what both reviewers approved stops it. Intent before, done after: repeated after
 * a crash, it opens nothing twice.
 */
export const publish = async (
  session: Session,
  forge: Forge,
  spec: string,
  decision: Decision,
): Promise<Published> => {
  if (decision.outcome !== 'pull-request') return { state: 'nothing' };
  const folder = proposalFolder(session.folder, spec);
  const bundle = join(folder, 'commit.bundle');
  const pullRequest = pullRequestSchema.parse(
    JSON.parse(await readFile(join(folder, 'pull-request.json'), 'utf8')),
  );
  const difference = await differenceFrom(session, decision, pullRequest, bundle);
  if (difference !== undefined) return { state: 'refused', reason: difference };
  const { branch, commit } = pullRequest;
  session.journal.append({ type: 'publish', state: 'intent', spec, branch, commit });
  session.journal.sync();
  await forge.open(pullRequest, bundle);
  session.journal.append({ type: 'publish', state: 'done', spec, branch, commit });
  return { state: 'opened', pullRequest };
};

const differenceFrom = async (
  session: Session,
  decision: Decision,
  pullRequest: PullRequest,
  bundle: string,
): Promise<string | undefined> => {
  const { commit } = pullRequest;
  if (commit !== decision.commit)
    return `the gate decided commit ${decision.commit}, not ${commit}`;
  await fetchBundle(session.repository, bundle, commit);
  const changes = await changesOf(session.repository, session.night.base.commit, commit);
  const byPath = new Map(changes.map((change) => [change.path, change]));
  const approved = decision.units.filter(({ state }) => state === 'approved');
  const digests: string[] = [];
  for (const { id, changes: claimed = [], patchDigest: reviewed } of approved) {
    const own = claimed.flatMap(({ path }) => byPath.get(path) ?? []);
    for (const { path } of own) byPath.delete(path);
    const digest = patchDigest(own);
    if (digest !== reviewed) return `the commit does not hold the patch of ${id} that was approved`;
    digests.push(digest);
  }
  const [stray] = byPath.keys();
  if (stray !== undefined) return `the commit changes ${stray}, which no approved unit does`;
  return pullRequestDigest(digests) === decision.digest && decision.digest === pullRequest.digest
    ? undefined
    : 'the pull request’s digest is not the one the gate decided';
};
