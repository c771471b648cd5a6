// SPDX-License-Identifier: GPL-3.0-only
import type { Agreement, Verdict } from '../schema.ts';

/** Two reviewers' answers about one patch. */
export type Verdicts = readonly [Verdict, Verdict];

/** Raw agreement, Cohen's kappa and Gwet's AC1 over the same pairs. */
export const agreementOf = (pairs: readonly Verdicts[]): Agreement => ({
  pairs: pairs.length,
  raw: rawAgreement(pairs),
  kappa: cohenKappa(pairs),
  ac1: gwetAc1(pairs),
});

/** Share of pairs with the same answer, 0 to 1; `undefined` over no pairs. */
export const rawAgreement = (pairs: readonly Verdicts[]): number | undefined =>
  pairs.length === 0 ? undefined : pairs.filter(([a, b]) => a === b).length / pairs.length;

/**
 * Cohen's kappa, -1 to 1: (po - pe) / (1 - pe), pe from each reviewer's own share of approvals.
 * `undefined` over no pairs, and where both always gave one and the same answer (pe is 1).
 * Source: J. Cohen, A Coefficient of Agreement for Nominal Scales, 1960, doi:10.1177/001316446002000104
 */
export const cohenKappa = (pairs: readonly Verdicts[]): number | undefined => {
  const observed = rawAgreement(pairs);
  if (observed === undefined) return undefined;
  const [a, b] = approvals(pairs);
  // Compared as counts: a sum of shares may miss 1 by a rounding error.
  if (a === b && (a === 0 || a === pairs.length)) return undefined;
  const [shareA, shareB] = [a / pairs.length, b / pairs.length];
  const expected = shareA * shareB + (1 - shareA) * (1 - shareB);
  return (observed - expected) / (1 - expected);
};

/**
 * Gwet's AC1, -1 to 1: as kappa with pe = 2 q (1 - q), q the mean share of approvals; it stays
 * meaningful where nearly all answers are the same. `undefined` over no pairs.
 * Source: K. L. Gwet, Computing inter-rater reliability and its variance in the presence of high
 * agreement, 2008, doi:10.1348/000711006X126600
 */
export const gwetAc1 = (pairs: readonly Verdicts[]): number | undefined => {
  const observed = rawAgreement(pairs);
  if (observed === undefined) return undefined;
  const [a, b] = approvals(pairs);
  const mean = (a + b) / (2 * pairs.length);
  const expected = 2 * mean * (1 - mean);
  return (observed - expected) / (1 - expected);
};

const approvals = (pairs: readonly Verdicts[]): readonly [number, number] => [
  pairs.filter(([verdict]) => verdict === 'approve').length,
  pairs.filter(([, verdict]) => verdict === 'approve').length,
];
