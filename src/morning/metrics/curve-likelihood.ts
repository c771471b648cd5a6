// SPDX-License-Identifier: GPL-3.0-only

/** Of an agent trained on that many examples: how many results were tried, and how many of them accepted. */
export type CurvePoint = {
  readonly examples: number;
  readonly tried: number;
  readonly accepted: number;
};

/** A curve p0 + (pMax - p0) (1 - e^(-rate N)), and the logarithm of the likelihood of some points under it. */
export type Saturation = {
  readonly p0: number;
  readonly pMax: number;
  readonly rate: number;
  readonly likelihood: number;
};

type Counts = readonly {
  readonly accepted: number;
  readonly refused: number;
  /** How far the curve has come from p0 to pMax at this point, 0 to 1. */
  readonly grown: number;
}[];

const countsAt = (points: readonly CurvePoint[], rate: number): Counts =>
  points.map(({ examples, tried, accepted }) => ({
    accepted,
    refused: tried - accepted,
    grown: -Math.expm1(-rate * examples),
  }));

const likelihoodOf = (counts: Counts, p0: number, pMax: number): number =>
  counts.reduce((sum, { accepted, refused, grown }) => {
    const chance = p0 + (pMax - p0) * grown;
    return (
      sum +
      (accepted > 0 ? accepted * Math.log(chance) : 0) +
      (refused > 0 ? refused * Math.log(1 - chance) : 0)
    );
  }, 0);

/** Shares of never, of what is learned, and of always accepted; their sum is 1. */
type Shares = readonly [never: number, learned: number, always: number];

const mostRounds = 500;

/**
 * The likeliest p0 and pMax for this rate, by expectation maximisation: p(N) is a mixture of never (no examples
 * help), of what is learned and of always, so that the bounds are kept by themselves. Extrapolated, since it is slow.
 * Sources: A. P. Dempster, N. M. Laird and D. B. Rubin, 1977, doi:10.1111/j.2517-6161.1977.tb01600.x; R. Varadhan
 * and C. Roland, 2008, doi:10.1111/j.1467-9469.2007.00585.x (scheme S3)
 */
export const mixtureAt = (points: readonly CurvePoint[], rate: number): Saturation => {
  const counts = countsAt(points, rate);
  const likelihood = ([, learned, always]: Shares): number =>
    likelihoodOf(counts, always, Math.min(1, always + learned));
  let shares: Shares = [1 / 3, 1 / 3, 1 / 3];
  for (let round = 0; round < mostRounds; round += 1) {
    const first = likelierShares(counts, shares);
    const second = likelierShares(counts, first);
    const moved = Math.max(...second.map((share, at) => Math.abs(share - (first[at] ?? 0))));
    const further = extrapolated(shares, first, second);
    shares = further !== undefined && likelihood(further) >= likelihood(second) ? further : second;
    if (moved < 1e-12) break;
  }
  const [, learned, always] = shares;
  const [p0, pMax] = [always, Math.min(1, always + learned)];
  return { p0, pMax, rate, likelihood: likelihood(shares) };
};

const likelierShares = (counts: Counts, [never, learned, always]: Shares): Shares => {
  let [toNever, toLearned, toAlways] = [0, 0, 0];
  for (const { accepted, refused, grown } of counts) {
    const yes = accepted > 0 ? accepted / (learned * grown + always) : 0;
    const no = refused > 0 ? refused / (learned * (1 - grown) + never) : 0;
    toNever += never * no;
    toLearned += learned * (yes * grown + no * (1 - grown));
    toAlways += always * yes;
  }
  const all = toNever + toLearned + toAlways;
  return [toNever / all, toLearned / all, toAlways / all];
};

/** Where two steps lead if they go on shrinking as they do; nothing where that is not a mixture. */
const extrapolated = (start: Shares, first: Shares, second: Shares): Shares | undefined => {
  const step = first.map((share, at) => share - (start[at] ?? 0));
  const bend = second.map((share, at) => share - 2 * (first[at] ?? 0) + (start[at] ?? 0));
  const length = Math.hypot(...step) / Math.hypot(...bend);
  if (!(length > 1)) return undefined;
  const at = (index: 0 | 1 | 2): number =>
    start[index] + 2 * length * (step[index] ?? 0) + length ** 2 * (bend[index] ?? 0);
  const further: Shares = [at(0), at(1), at(2)];
  return further.every((share) => share > 0) ? further : undefined;
};

const directions = 128;

/**
 * Where the likelihood falls to `cut` around a fit of the same rate, in many directions of (p0, pMax). What reaches
 * `cut` is convex there, since the logarithm of the likelihood is concave.
 */
export const regionAt = (
  points: readonly CurvePoint[],
  { p0, pMax, rate, likelihood }: Saturation,
  cut: number,
): readonly Saturation[] => {
  if (likelihood < cut) return [];
  const counts = countsAt(points, rate);
  return Array.from({ length: directions }, (_, direction) => {
    const angle = (2 * Math.PI * direction) / directions;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    const reaches = (far: number): boolean => {
      const [low, high] = [p0 + far * x, pMax + far * y];
      return low >= 0 && low <= high && high <= 1 && likelihoodOf(counts, low, high) >= cut;
    };
    const far = edgeOf(reaches, 0, 2);
    return { p0: p0 + far * x, pMax: pMax + far * y, rate, likelihood: cut };
  });
};

/** The last number from one that fulfils a condition towards one that does not, by bisection. */
export const edgeOf = (holds: (x: number) => boolean, inside: number, outside: number): number => {
  let [last, next] = [inside, outside];
  for (let step = 0; step < 26; step += 1) {
    const middle = (last + next) / 2;
    if (holds(middle)) last = middle;
    else next = middle;
  }
  return last;
};
