// SPDX-License-Identifier: GPL-3.0-only
import {
  type CurvePoint,
  edgeOf,
  mixtureAt,
  regionAt,
  type Saturation,
} from './curve-likelihood.ts';
import { type Estimate, shareOf } from './share-interval.ts';

/** A bound is `null` where the data say nothing against values beyond all that are tried. */
export type OpenEstimate = {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
};

/** What points say about p(N) = p0 + (pMax - p0) (1 - e^(-alpha N)); all intervals are of 95 %. */
export type LearningCurve =
  | { readonly kind: 'too-few'; readonly reason: string }
  /** Chance alone explains the growth there is: the share over all points. */
  | { readonly kind: 'flat'; readonly share: Estimate }
  | {
      readonly kind: 'curve';
      readonly p0: Estimate;
      readonly pMax: Estimate;
      readonly alpha: OpenEstimate;
      /** p(N) at each of the numbers of examples that were asked for. */
      readonly at: readonly ({ readonly examples: number } & Estimate)[];
    };

const fewestPoints = 3;
const fewestTried = 30;
/** The 95 % points of chi-squared, halved: with one degree of freedom for an interval, with two for flatness. */
const [dropOfOne, dropOfTwo] = [3.841458820694124 / 2, 5.991464547107979 / 2];
const steps = 80;

/**
 * Maximum likelihood over binomial counts with 0 <= p0 <= pMax <= 1; intervals by profile likelihood. With alpha
 * fixed p(N) mixes p0 and pMax by shares that do not depend on them, so that only alpha is searched for.
 * Sources: S. S. Wilks, 1938, doi:10.1214/aoms/1177732360 (the intervals); G. H. Golub and V. Pereyra, 1973,
 * doi:10.1137/0710036 (the separation). @throws RangeError for counts that cannot be.
 */
export const fitLearningCurve = (
  points: readonly CurvePoint[],
  at: readonly number[] = [],
): LearningCurve => {
  const data = mergePoints(points);
  const tried = data.reduce((sum, point) => sum + point.tried, 0);
  const accepted = data.reduce((sum, point) => sum + point.accepted, 0);
  const share = shareOf(accepted, tried);
  if (data.length < fewestPoints || tried < fewestTried || share === null) {
    return {
      kind: 'too-few',
      reason: `${data.length} numbers of examples with ${tried} results; a curve needs ${fewestPoints} with ${fewestTried}`,
    };
  }
  const profile = profileOf(data);
  const best = profile.maximum();
  const flat = likelihoodOfShare(accepted, tried);
  if (best.likelihood - flat < dropOfTwo) return { kind: 'flat', share };
  const cut = best.likelihood - dropOfOne;
  const alpha = profile.interval(best.rate, cut);
  const region = profile.region(alpha, cut);
  const estimate = (read: (fit: Saturation) => number): Estimate => {
    const values = region.map(read);
    const value = read(best);
    return { value, low: Math.min(value, ...values), high: Math.max(value, ...values) };
  };
  return {
    kind: 'curve',
    p0: estimate(({ p0 }) => p0),
    pMax: estimate(({ pMax }) => pMax),
    alpha,
    at: at.map((examples) => ({ examples, ...estimate((fit) => chanceAt(fit, examples)) })),
  };
};

const chanceAt = ({ p0, pMax, rate }: Saturation, examples: number): number =>
  p0 + (pMax - p0) * -Math.expm1(-rate * examples);

const mergePoints = (points: readonly CurvePoint[]): readonly CurvePoint[] => {
  const merged = new Map<number, CurvePoint>();
  for (const { examples, tried, accepted } of points) {
    if (!(examples >= 0 && accepted >= 0 && accepted <= tried && Number.isFinite(tried))) {
      throw new RangeError(`${accepted} of ${tried} with ${examples} examples cannot be`);
    }
    const before = merged.get(examples) ?? { examples, tried: 0, accepted: 0 };
    merged.set(examples, {
      examples,
      tried: before.tried + tried,
      accepted: before.accepted + accepted,
    });
  }
  return [...merged.values()]
    .filter(({ tried }) => tried > 0)
    .sort((a, b) => a.examples - b.examples);
};

const likelihoodOfShare = (accepted: number, tried: number): number =>
  [accepted, tried - accepted]
    .filter((count) => count > 0)
    .reduce((sum, count) => sum + count * Math.log(count / tried), 0);

/** The likelihood as a function of alpha alone, between hardly any growth and all of it before the first point. */
const profileOf = (data: readonly CurvePoint[]) => {
  const most = data.at(-1)?.examples ?? 1;
  const first = data.find(({ examples }) => examples > 0)?.examples ?? most;
  const [low, high] = [Math.log(0.01 / most), Math.log(10 / first)];
  const fitAt = (log: number): Saturation => mixtureAt(data, Math.exp(log));
  const logs = spaced(low, high, steps);
  const width = (high - low) / (steps - 1);
  return {
    maximum: (): Saturation => {
      const fits = logs.map(fitAt);
      const [start = low] = logs.toSorted(
        (a, b) =>
          (fits[logs.indexOf(b)]?.likelihood ?? 0) - (fits[logs.indexOf(a)]?.likelihood ?? 0),
      );
      return fitAt(highest((log) => fitAt(log).likelihood, start - width, start + width));
    },
    /** Values of alpha around the best one at which the likelihood reaches `cut`. */
    interval: (rate: number, cut: number): OpenEstimate => {
      const best = Math.log(rate);
      const reaches = (log: number) => fitAt(log).likelihood >= cut;
      const bound = (end: number) => (reaches(end) ? null : Math.exp(edgeOf(reaches, best, end)));
      return { value: rate, low: bound(low), high: bound(high) };
    },
    /** Fits at the edge of what the data allow, for each of many values of alpha in its interval. */
    region: (alpha: OpenEstimate, cut: number): readonly Saturation[] =>
      spaced(
        alpha.low === null ? low : Math.log(alpha.low),
        alpha.high === null ? high : Math.log(alpha.high),
        steps / 2,
      ).flatMap((log) => regionAt(data, fitAt(log), cut)),
  };
};

const spaced = (from: number, to: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => from + ((to - from) * at) / (count - 1));

/** Where a function with one maximum between two numbers has it, by golden section. */
const highest = (value: (x: number) => number, from: number, to: number): number => {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  for (let step = 0; step < 26; step += 1) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)];
    if (value(left) < value(right)) low = left;
    else high = right;
  }
  return (low + high) / 2;
};
