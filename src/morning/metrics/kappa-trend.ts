// SPDX-License-Identifier: GPL-3.0-only
import type { GateConfig } from '../../config/schema.ts';
import { type KappaError, kappaError } from '../../review/kappa/kappa-error.ts';
import { examPairsOf, type RuntimePair, windowOf } from '../../review/kappa/ledger.ts';
import { standingOf } from '../../review/kappa/reviewer-standing.ts';
import type { Pair, Standing } from '../../review/schema.ts';

/** How a pair of reviewers stood when a night had been published. A coefficient without a value is `null`. */
export type KappaPoint = {
  readonly night: string;
  readonly pairs: number;
  readonly kappa: number | null;
  readonly error: KappaError | null;
  readonly live: {
    readonly pairs: number;
    readonly kappa: number | null;
    readonly ac1: number | null;
    readonly agreement: number | null;
  };
  /** On these terms the next night begins. */
  readonly state: Standing['state'];
};

/** Kappa of a pair of reviewers over its last nights, oldest first, with the lines at which the gate alerts and halts. */
export type KappaTrend = {
  readonly runtimes: RuntimePair;
  readonly lines: GateConfig['kappa'];
  readonly points: readonly KappaPoint[];
};

/** All pairs of reviewers that judged live units, by runtime digests, the one that did so last first. */
export const reviewerPairs = (ledger: readonly Pair[]): readonly RuntimePair[] => {
  const latest = new Map<string, RuntimePair>();
  for (const { source, runtimes } of ledger.toReversed()) {
    const key = keyOf(runtimes);
    if (source === 'live' && !latest.has(key)) latest.set(key, runtimes);
  }
  return [...latest.values()];
};

const keyOf = (runtimes: RuntimePair): string => runtimes.toSorted().join(' ');

/** The trend of one pair of reviewers over at most `nights` nights in which it judged live units. */
export const kappaTrend = (
  ledger: readonly Pair[],
  runtimes: RuntimePair,
  gate: Pick<GateConfig, 'kappa' | 'jointErrors'>,
  nights = 60,
): KappaTrend => {
  const key = keyOf(runtimes);
  const pairs = ledger.filter((pair) => keyOf(pair.runtimes) === key);
  const ends = new Map<string, number>();
  for (const [at, { source, night }] of pairs.entries()) {
    if (source === 'live') ends.set(night, at + 1);
  }
  const points = [...ends]
    .sort(([, a], [, b]) => a - b)
    .slice(-nights)
    .map(([night, end]) => pointOf(night, pairs.slice(0, end), runtimes, gate));
  return { runtimes, lines: gate.kappa, points };
};

const pointOf = (
  night: string,
  pairs: readonly Pair[],
  runtimes: RuntimePair,
  gate: Pick<GateConfig, 'kappa' | 'jointErrors'>,
): KappaPoint => {
  const window = windowOf(pairs, runtimes, gate.kappa);
  const { kappa, live, state, ...all } = standingOf(window, gate, examPairsOf(pairs, runtimes));
  return {
    night,
    pairs: all.pairs,
    kappa: kappa ?? null,
    error: kappaError(window.map(({ verdicts }) => verdicts)) ?? null,
    live: {
      pairs: live.pairs,
      kappa: live.kappa ?? null,
      ac1: live.ac1 ?? null,
      agreement: live.raw ?? null,
    },
    state,
  };
};
