// SPDX-License-Identifier: GPL-3.0-only
import type { Verdict } from '../schema.ts';
import { agreementOf, type Verdicts } from './agreement.ts';

/** How well a kappa is known: its standard error, and where it lies with 95 % confidence, -1 to 1. */
export type KappaError = {
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
};

/** The normal distribution has 95 % of its mass within this many standard deviations. */
const normal95 = 1.959963984540054;

const answers: readonly Verdict[] = ['approve', 'reject'];

/** The error of two reviewers' kappa. `undefined` as `kappaErrorOf`. */
export const kappaError = (pairs: readonly Verdicts[]): KappaError | undefined =>
  agreementOf(pairs).kappa === undefined
    ? undefined
    : kappaErrorOf(
        answers.map((a) =>
          answers.map((b) => pairs.filter(([one, two]) => one === a && two === b).length),
        ),
      );

/**
 * The large-sample error of kappa over a square table of counts, a row for each answer of the first. `undefined`
 * where kappa has no value, and where the formula gives 0 (all agree, or one always gave the same answer): that is
 * not certainty. Source: J. L. Fleiss, J. Cohen and B. S. Everitt, Large sample standard errors of kappa and weighted
 * kappa, 1969, doi:10.1037/h0028106
 */
export const kappaErrorOf = (table: readonly (readonly number[])[]): KappaError | undefined => {
  const n = sum(table.map(sum));
  const shares = table.map((row) => row.map((count) => count / n));
  const rows = shares.map(sum);
  const columns = shares.map((_, at) => sum(shares.map((row) => row[at] ?? 0)));
  const observed = sum(shares.map((row, at) => row[at] ?? 0));
  const expected = sum(rows.map((share, at) => share * (columns[at] ?? 0)));
  const spread = sum(
    shares.flatMap((row, i) =>
      row.map((share, j) => {
        const margins = (columns[i] ?? 0) + (rows[j] ?? 0);
        return share * ((i === j ? 1 - expected : 0) - margins * (1 - observed)) ** 2;
      }),
    ),
  );
  const offset = (observed * expected - 2 * expected + observed) ** 2;
  const variance = (spread - offset) / (n * (1 - expected) ** 4);
  // A rounding error is left where the exact value is 0.
  if (!(variance > 1e-12)) return undefined;
  const kappa = (observed - expected) / (1 - expected);
  const standardError = Math.sqrt(variance);
  return {
    standardError,
    low: Math.max(-1, kappa - normal95 * standardError),
    high: Math.min(1, kappa + normal95 * standardError),
  };
};

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
