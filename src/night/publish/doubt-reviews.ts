// SPDX-License-Identifier: GPL-3.0-only
import type { Decision } from '../../review/gate/gate-agent.ts';
import { type Review, reviewSchema } from '../../review/schema.ts';
import type { Traces } from '../../trace/open-traces.ts';

const readReview = (text: string): Review | undefined => {
  try {
    return reviewSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // No reviewer wrote that, so none approves by it.
    return undefined;
  }
};

/**
 * Whether the reviewers' own bundles say what a decision says they said: two of them approve exactly
 * each approved unit's patch. Returns what speaks against it.
 */
export const doubtReviews = (
  traces: Pick<Traces, 'read'>,
  spec: string,
  { units }: Decision,
): string | undefined => {
  for (const { id, state, reviews = [], patchDigest } of units) {
    if (state !== 'approved') continue;
    const approving = new Set<string>();
    for (const { reviewer, runtime } of reviews) {
      const text = traces.read({ spec, unit: id, node: reviewer })?.files['review.json'];
      const review = text === undefined ? undefined : readReview(text);
      const same =
        review?.verdict === 'approve' &&
        review.reviewer === reviewer &&
        review.runtime === runtime &&
        review.patchDigest === patchDigest;
      if (!same) return `the bundle of ${reviewer} does not approve the patch of ${id}`;
      approving.add(reviewer);
    }
    if (approving.size !== 2) return `${id} was not approved by two reviewers`;
  }
  return undefined;
};
