// SPDX-License-Identifier: GPL-3.0-only
import type { PullRequestDecision } from '../../forge/decisions.ts';
import type { ListedPullRequest } from '../../forge/forge.ts';

/** What people decided about units, by `night/spec/unit`. */
export type DecidedUnits = ReadonlyMap<string, 'accepted' | 'rejected'>;

/**
 * The units of pull requests that somebody decided about. The last decision counts; what is merged without one was
 * accepted, whoever did it. What was closed without one is undecided.
 */
export const decidedUnits = (
  listed: readonly ListedPullRequest[],
  decisions: readonly PullRequestDecision[],
): DecidedUnits =>
  new Map(
    listed.flatMap(({ pullRequest, state }) => {
      const { branch, commit, night, spec, units } = pullRequest;
      const last = decisions.findLast((made) => made.branch === branch && made.commit === commit);
      const isYes = last?.decision === 'accept' || state === 'merged' || state === 'accepted';
      if (!last && !isYes) return [];
      const decided = last?.decision === 'reject' ? 'rejected' : 'accepted';
      return units.approved.map((unit) => [`${night}/${spec}/${unit}`, decided] as const);
    }),
  );
