// SPDX-License-Identifier: GPL-3.0-only
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readDecisions } from '../decisions.ts';
import type { ListedPullRequest, ResolvedPullRequest } from '../forge.ts';
import { recordedPullRequest } from '../local-forge.ts';
import { isAsPatched } from '../merge-evidence.ts';
import { type ResolutionFacts, resolutionOf } from '../resolution.ts';
import type { KnownPull } from './known-pulls.ts';

export type LearntPulls = {
  readonly pulls: readonly KnownPull[];
  /** The forge could not be asked. */
  readonly isStale: boolean;
};

type Places = {
  /** The records of what this machine opened, a folder each. */
  readonly opened: string;
  /** Still on their way to the forge. */
  readonly waiting: readonly ListedPullRequest[];
  readonly now: Date;
};

/** What people made of pull requests on GitHub; one that was opened from here and is not there any more is unknown. */
export const resolvedPulls = async (
  { repository, decisions: file }: { readonly repository: string; readonly decisions: string },
  { pulls, isStale }: LearntPulls,
  { opened, waiting, now }: Places,
): Promise<readonly ResolvedPullRequest[]> => {
  const decisions = await readDecisions(file);
  const resolved: ResolvedPullRequest[] = [];
  for (const pull of pulls) {
    const { pullRequest, state, people, mergedAs } = pull;
    const { branch, commit } = pullRequest;
    const last = decisions.findLast((one) => one.branch === branch && one.commit === commit);
    const facts: ResolutionFacts = {
      ...{ state, decision: last?.decision, isStale, openedAt: pull.openedAt },
      closedByBot: pull.closedBy === 'bot',
      lastByPerson: people?.last,
      isNightsAlone: pull.tip === commit,
      changesAsked: people?.changesAsked,
      isAsPatched:
        mergedAs === null ? undefined : await isAsPatched(repository, pullRequest, mergedAs),
    };
    resolved.push({ pullRequest, resolution: resolutionOf(facts, now) });
  }
  const seen = new Set([...resolved, ...waiting].map(({ pullRequest: { branch } }) => branch));
  for (const name of (await readdir(opened).catch((): string[] => [])).sort()) {
    const pullRequest = await recordedPullRequest(join(opened, name));
    if (pullRequest && !seen.has(pullRequest.branch)) {
      resolved.push({ pullRequest, resolution: 'unknown' });
    }
  }
  return [
    ...resolved,
    ...waiting.map(({ pullRequest }) => ({ pullRequest, resolution: 'pending' as const })),
  ];
};
