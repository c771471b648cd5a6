// SPDX-License-Identifier: GPL-3.0-only
import type { Resolution } from '../../forge/resolution.ts';
import { type Estimate, shareOf } from './share-interval.ts';

/** How often people took what nights proposed. */
export type Acceptance = {
  readonly counts: Readonly<Record<Resolution, number>>;
  /** Zero-touch ones included. */
  readonly accepted: number;
  /** Those that a person decided: accepted and rejected. */
  readonly tried: number;
  readonly share: Estimate | null;
};

/**
 * Accepted of decided pull requests, with the interval of a share. Pending and unknown ones count as neither, and
 * ignored ones do not either: nobody judged the work. `accepted` and `tried` are a point of a learning curve.
 */
export const acceptanceOf = (resolutions: readonly Resolution[]): Acceptance => {
  const counts = {
    ...{ 'zero-touch': 0, accepted: 0, rejected: 0 },
    ...{ pending: 0, ignored: 0, unknown: 0 },
  };
  for (const resolution of resolutions) counts[resolution] += 1;
  const accepted = counts['zero-touch'] + counts.accepted;
  const tried = accepted + counts.rejected;
  return { counts, accepted, tried, share: shareOf(accepted, tried) };
};
