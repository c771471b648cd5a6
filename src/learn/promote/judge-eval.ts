// SPDX-License-Identifier: GPL-3.0-only
import type { FindingCode } from '../../data/findings/table.ts';
import { countPairs, isPaired, type JudgedCase, type PairCounts } from '../eval/result.ts';
import { mcNemarExact, type PairedEffect, pairedEffect } from './paired-test.ts';

/** What a version needs to be put in service. */
export type PromotionBar = {
  /** Pairs of held-out specs. */
  readonly leastPairs: number;
  /** Pairs beyond which no more are asked for. */
  readonly mostPairs: number;
  /** Difference of the shares that are accepted, 0 to 1. */
  readonly leastEffect: number;
  /** Two-sided, 0 to 1. */
  readonly alpha: number;
};

export const usualBar: PromotionBar = {
  leastPairs: 20,
  mostPairs: 200,
  leastEffect: 0.05,
  alpha: 0.05,
};

/** What is done with a version. */
export type PromotionVerdict = 'PROMOTE' | 'REJECT' | 'EXTEND' | 'INCONCLUSIVE';

export type JudgedEval = {
  readonly verdict: PromotionVerdict;
  readonly code: Extract<FindingCode, `promote.${string}`>;
  readonly pairs: PairCounts;
  readonly guards: PairCounts;
  /** Guard cases that only the incumbent gets accepted. */
  readonly lost: readonly string[];
  /** Cases of which one of the two says nothing; those of which neither does are left out. */
  readonly broken: readonly string[];
  readonly p: number;
  readonly effect: PairedEffect | null;
};

/** The rule by which an evaluation promotes a version or not; the first reason that holds counts. */
export const judgeEval = (cases: readonly JudgedCase[], bar: PromotionBar): JudgedEval => {
  const pairs = countPairs(cases);
  const guards = countPairs(cases, 'guard');
  const lost = cases
    .filter((one) => one.kind === 'guard' && isPaired(one))
    .filter(({ candidate, incumbent }) => incumbent?.accepted && !candidate?.accepted)
    .map(({ id }) => id);
  const broken = cases.filter((one) => !isPaired(one) && !isSilent(one)).map(({ id }) => id);
  const p = mcNemarExact(pairs);
  const effect = pairedEffect(pairs);
  const facts = { pairs, guards, lost, broken, p, effect };
  const [verdict, code] = decide(facts, bar);
  return { verdict, code, ...facts };
};

/** Neither of the two could be asked, so they are told apart by nothing. */
const isSilent = ({ candidate, incumbent }: JudgedCase): boolean =>
  candidate?.broken !== undefined && incumbent?.broken !== undefined;

const decide = (
  { pairs, lost, broken, p, effect }: Omit<JudgedEval, 'verdict' | 'code'>,
  { leastPairs, mostPairs, leastEffect, alpha }: PromotionBar,
): readonly [PromotionVerdict, JudgedEval['code']] => {
  const count = pairs.both + pairs.candidate + pairs.incumbent + pairs.neither;
  const isBeyondChance = p <= alpha;
  const value = effect?.value ?? 0;
  if (lost.length > 0) return ['REJECT', 'promote.guard-worse'];
  if (broken.length > 0) return ['INCONCLUSIVE', 'promote.broken-pairs'];
  if (count < leastPairs) return ['EXTEND', 'promote.few-pairs'];
  if (isBeyondChance && value < 0) return ['REJECT', 'promote.worse'];
  if (isBeyondChance && value >= leastEffect) return ['PROMOTE', 'promote.better'];
  if (isBeyondChance) return ['REJECT', 'promote.small-effect'];
  if (count >= mostPairs) return ['INCONCLUSIVE', 'promote.no-difference'];
  return pairs.candidate + pairs.incumbent < 6
    ? ['EXTEND', 'promote.few-differences']
    : ['EXTEND', 'promote.undecided'];
};
