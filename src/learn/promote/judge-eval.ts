// SPDX-License-Identifier: GPL-3.0-only
import type { FindingCode } from '../../data/findings/table.ts';
import { countPairs, isPaired, type JudgedCase, type PairCounts } from '../eval/result.ts';
import type { Look } from './looks.ts';
import { mcNemarExact, type PairedEffect, pairedEffect } from './paired-test.ts';

/** What a version needs to be put in service. */
export type PromotionBar = {
  /** Pairs of held-out specs. */
  readonly leastPairs: number;
  /** Pairs beyond which no more are asked for. */
  readonly mostPairs: number;
  /** Difference of the shares that are accepted, 0 to 1. */
  readonly leastEffect: number;
  /** Of all looks together, two-sided, 0 to 1. */
  readonly alpha: number;
  /** How often more specs may be asked for and looked at, the first time included. */
  readonly looks: number;
};

export const usualBar: PromotionBar = {
  leastPairs: 20,
  mostPairs: 200,
  leastEffect: 0.05,
  alpha: 0.05,
  looks: 3,
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
  /** The look that this was; nothing where no split of the pairs could have decided, which takes none of alpha. */
  readonly look?: Look;
};

/** A bar of one judgement. */
type JudgeBar = Omit<PromotionBar, 'looks'>;

/** The rule by which an evaluation promotes a version or not; the first reason that holds counts. Without a look it has all of alpha. */
export const judgeEval = (cases: readonly JudgedCase[], bar: JudgeBar, look?: Look): JudgedEval => {
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
  const early = beforeLook(facts, bar, look);
  const [verdict, code] = early ?? decide(facts, bar, look);
  return { verdict, code, ...facts, ...(!early && look && { look }) };
};

/** Neither of the two could be asked, so they are told apart by nothing. */
const isSilent = ({ candidate, incumbent }: JudgedCase): boolean =>
  candidate?.broken !== undefined && incumbent?.broken !== undefined;

type Facts = Pick<JudgedEval, 'pairs' | 'lost' | 'broken' | 'p' | 'effect'>;
type Decided = readonly [PromotionVerdict, JudgedEval['code']];

const countOf = ({ both, candidate, incumbent, neither }: PairCounts): number =>
  both + candidate + incumbent + neither;

/** What is decided without the split of the pairs that differ. */
const beforeLook = (
  { pairs, lost, broken }: Facts,
  { leastPairs, mostPairs, alpha }: JudgeBar,
  look: Look | undefined,
): Decided | undefined => {
  const count = countOf(pairs);
  if (lost.length > 0) return ['REJECT', 'promote.guard-worse'];
  if (broken.length > 0) return ['INCONCLUSIVE', 'promote.broken-pairs'];
  if (count < leastPairs) return ['EXTEND', 'promote.few-pairs'];
  if (look && look.number > look.of) return ['INCONCLUSIVE', 'promote.looks-spent'];
  const differing = pairs.candidate + pairs.incumbent;
  if (mcNemarExact({ candidate: differing, incumbent: 0 }) <= (look?.alpha ?? alpha))
    return undefined;
  return count >= mostPairs
    ? ['INCONCLUSIVE', 'promote.no-difference']
    : ['EXTEND', 'promote.few-differences'];
};

const decide = (
  { pairs, p, effect }: Facts,
  { mostPairs, leastEffect, alpha }: JudgeBar,
  look: Look | undefined,
): Decided => {
  const value = effect?.value ?? 0;
  const isBeyondChance = p <= (look?.alpha ?? alpha);
  if (isBeyondChance && value < 0) return ['REJECT', 'promote.worse'];
  if (isBeyondChance && value >= leastEffect) return ['PROMOTE', 'promote.better'];
  if (isBeyondChance) return ['REJECT', 'promote.small-effect'];
  if (countOf(pairs) >= mostPairs) return ['INCONCLUSIVE', 'promote.no-difference'];
  return look && look.number === look.of
    ? ['INCONCLUSIVE', 'promote.looks-spent']
    : ['EXTEND', 'promote.undecided'];
};
