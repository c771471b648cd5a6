// SPDX-License-Identifier: GPL-3.0-only
import { shareOf } from '../../morning/metrics/share-interval.ts';
import type { PairCounts } from '../eval/result.ts';

/**
 * The exact conditional test of McNemar, two-sided: how likely at least so unequal a split of the pairs that
 * differ is, were both as good. Source: Q. McNemar, Note on the sampling error of the difference between
 * correlated proportions or percentages, 1947, doi:10.1007/BF02295996; exact as in M. Fagerland et al., The
 * McNemar test for binary matched-pairs data, 2013, doi:10.1186/1471-2288-13-91
 */
export const mcNemarExact = ({
  candidate,
  incumbent,
}: Pick<PairCounts, 'candidate' | 'incumbent'>): number => {
  const of = candidate + incumbent;
  const fewer = Math.min(candidate, incumbent);
  let [logTerm, sum] = [-of * Math.LN2, 0];
  for (let index = 0; index <= fewer; index += 1) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((of - index) / (index + 1));
  }
  return Math.min(1, 2 * sum);
};

/** The difference of two paired shares, -1 to 1, and where it lies with 95 % confidence. */
export type PairedEffect = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
};

/**
 * How much larger the candidate's share of accepted pairs is, with the square-and-add interval (method 10) of
 * R. G. Newcombe, Improved confidence intervals for the difference between binomial proportions based on paired
 * data, 1998, doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C. `null` over no pairs.
 */
export const pairedEffect = ({
  both,
  candidate,
  incumbent,
  neither,
}: PairCounts): PairedEffect | null => {
  const of = both + candidate + incumbent + neither;
  const [first, second] = [shareOf(both + candidate, of), shareOf(both + incumbent, of)];
  if (!first || !second) return null;
  const value = first.value - second.value;
  const phi = correlation({ both, candidate, incumbent, neither }, of);
  const width = (a: number, b: number): number => Math.sqrt(a * a - 2 * phi * a * b + b * b);
  return {
    value,
    low: value - width(first.value - first.low, second.high - second.value),
    high: value + width(second.value - second.low, first.high - first.value),
  };
};

/** Of the two, corrected for continuity as Newcombe's method does. */
const correlation = ({ both, candidate, incumbent, neither }: PairCounts, of: number): number => {
  const product =
    (both + candidate) * (incumbent + neither) * (both + incumbent) * (candidate + neither);
  if (product === 0) return 0;
  const difference = both * neither - candidate * incumbent;
  const corrected = difference > 0 ? Math.max(difference - of / 2, 0) : difference;
  return corrected / Math.sqrt(product);
};
