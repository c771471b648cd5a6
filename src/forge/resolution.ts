// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import type { PullRequestDecision } from './decisions.ts';

/** What people made of a pull request, by what is known of it. */
export const resolutionSchema = z.enum([
  'zero-touch',
  'accepted',
  'rejected',
  'pending',
  'ignored',
  'unknown',
]);

export type Resolution = z.output<typeof resolutionSchema>;

/** An open pull request on which no person did anything for so long is ignored. */
export const ignoredAfterDays = 14;

const dayMs = 86_400_000;

/** What a forge knows of a pull request; what it could not read is absent. */
export type ResolutionFacts = {
  readonly state: 'open' | 'accepted' | 'merged' | 'closed';
  /** What a person said last. */
  readonly decision?: PullRequestDecision['decision'] | undefined;
  readonly closedByBot?: boolean | undefined;
  /** The forge could not be asked: this is what it said before. */
  readonly isStale?: boolean | undefined;
  /** ISO 8601. */
  readonly openedAt?: string | undefined;
  /** When a person last wrote something or reviewed it, ISO 8601; `null`: nobody did. */
  readonly lastByPerson?: string | null | undefined;
  /* The evidence of a merge that nobody had to touch: */
  /** Whether the branch that was merged is the night's commit and nothing on top of it. */
  readonly isNightsAlone?: boolean | undefined;
  /** Whether a person reviewed it and did not just approve. */
  readonly changesAsked?: boolean | undefined;
  /** Whether the files it changes are in the merge as the night made them. */
  readonly isAsPatched?: boolean | undefined;
};

/**
 * A person's last no is `rejected`, a yes or a merge `accepted`; `zero-touch` is a merge of which all three pieces of
 * evidence were read and are good. `ignored`: a bot closed it, or it is open and no person did anything for
 * `ignoredAfterDays`; `pending`: open otherwise. `unknown`: closed without a word, or not to be read.
 */
export const resolutionOf = (facts: ResolutionFacts, now: Date): Resolution => {
  const { state, decision } = facts;
  if (decision === 'reject') return 'rejected';
  if (state === 'merged') return isZeroTouch(facts) ? 'zero-touch' : 'accepted';
  if (state === 'accepted' || decision === 'accept') return 'accepted';
  if (state === 'closed') return facts.closedByBot ? 'ignored' : 'unknown';
  if (facts.isStale) return 'unknown';
  const { openedAt, lastByPerson } = facts;
  if (openedAt === undefined || lastByPerson === undefined) return 'pending';
  const since = Date.parse(lastByPerson ?? openedAt);
  return now.getTime() - since > ignoredAfterDays * dayMs ? 'ignored' : 'pending';
};

const isZeroTouch = ({ isNightsAlone, changesAsked, isAsPatched }: ResolutionFacts): boolean =>
  isNightsAlone === true && changesAsked === false && isAsPatched === true;
