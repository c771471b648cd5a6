// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { type CurvePoint, mixtureAt } from '../../../src/morning/metrics/curve-likelihood.ts';
import {
  fitLearningCurve,
  type LearningCurve,
} from '../../../src/morning/metrics/learning-curve.ts';
import { shareOf } from '../../../src/morning/metrics/share-interval.ts';
import { seededRandom } from '../../../src/review/exam/seeded-random.ts';
import { each } from '../../each.ts';

type Row = readonly [examples: number, tried: number, accepted: number];

const pointsOf = (rows: readonly Row[]): readonly CurvePoint[] =>
  rows.map(([examples, tried, accepted]) => ({ examples, tried, accepted }));

const grown: readonly Row[] = [
  [0, 200, 60],
  [50, 200, 94],
  [100, 200, 116],
  [200, 200, 142],
  [400, 200, 158],
  [800, 200, 162],
];

const growing: readonly Row[] = [
  [0, 50, 10],
  [100, 50, 18],
  [200, 50, 22],
  [400, 50, 30],
];

type Expected = Readonly<
  Record<'p0' | 'pMax' | 'alpha', readonly [value: number, low: number, high: number]>
>;

const fits = test.macro(
  (t, rows: readonly Row[], expected: Expected, after: readonly [number, number, number]) => {
    const last = 2 * Math.max(...rows.map(([examples]) => examples));
    const curve = fitLearningCurve(pointsOf(rows), [last]);
    if (curve.kind !== 'curve') return t.fail(curve.kind);
    const ahead = curve.at[0] ?? t.fail('nothing ahead');
    const close = (actual: number | null, value: number, share: number) =>
      t.true(
        Math.abs((actual ?? Number.NaN) - value) <= share * value,
        `${actual} is not ${value}`,
      );
    for (const [estimate, [value, low, high]] of [
      [curve.p0, expected.p0],
      [curve.pMax, expected.pMax],
      [curve.alpha, expected.alpha],
      [ahead, after],
    ] as const) {
      if (typeof estimate !== 'object') continue;
      close(estimate.value, value, 1e-5);
      close(estimate.low, low, 1e-3);
      close(estimate.high, high, 1e-3);
    }
  },
);

/*
 * scipy 1.12. Values: `optimize.curve_fit` with sigma = sqrt(p (1 - p) / n) at the fit, again until it stays (which
 * is the maximum of the binomial likelihood), and `optimize.minimize` on that likelihood; both agree in six digits.
 * Bounds: `optimize.brentq` where the profile likelihood (SLSQP) is chi2(0.95, 1) / 2 below the maximum.
 */
each(fits, {
  'a curve that has flattened': [
    grown,
    {
      p0: [0.3000120739, 0.2421169072, 0.3607911697],
      pMax: [0.8108810531, 0.7655280384, 0.8565823901],
      alpha: [0.0080351863, 0.0055997135, 0.0113122982],
    },
    [0.8108797199, 0.7655278276, 0.8565595889],
  ],
  'a curve that is still on its way: its end may be anywhere up to 1': [
    growing,
    {
      p0: [0.2030763017, 0.1079749591, 0.3175287898],
      pMax: [0.7859961898, 0.4644110187, 1],
      alpha: [0.0028131727, 0.0009273525, 0.0168198786],
    },
    [0.7245899427, 0.4643813896, 0.8977118815],
  ],
});

const says = test.macro((t, rows: readonly Row[], kind: LearningCurve['kind']) => {
  t.is(fitLearningCurve(pointsOf(rows)).kind, kind);
});

each(says, {
  'nothing was tried': [[], 'too-few'],
  'two numbers of examples do not make a curve of three parameters': [
    [
      [0, 100, 20],
      [100, 100, 70],
    ],
    'too-few',
  ],
  'the same number of examples is one point': [
    [
      [0, 100, 20],
      [100, 100, 70],
      [100, 100, 75],
    ],
    'too-few',
  ],
  'a handful of results': [
    [
      [0, 5, 1],
      [10, 5, 3],
      [20, 5, 5],
    ],
    'too-few',
  ],
  'growth that chance explains': [
    [
      [0, 40, 20],
      [100, 40, 22],
      [200, 40, 23],
    ],
    'flat',
  ],
  'it gets worse: that is not learning': [
    [
      [0, 100, 80],
      [100, 100, 60],
      [200, 100, 40],
    ],
    'flat',
  ],
  'from nothing to everything': [
    [
      [0, 100, 0],
      [100, 100, 100],
      [200, 100, 100],
    ],
    'curve',
  ],
});

test('what the data say nothing against is open, and not a number', (t) => {
  // All of the growth comes before the first point with examples: alpha may be any large number.
  const curve = fitLearningCurve(
    pointsOf([
      [0, 100, 20],
      [100, 100, 80],
      [200, 100, 80],
    ]),
  );
  t.is(curve.kind === 'curve' ? curve.alpha.high : 0, null);
  t.true(curve.kind === 'curve' && (curve.alpha.low ?? 0) > 0.01);
});

test('intervals contain the truth about as often as they say', (t) => {
  const random = seededRandom(7);
  const runs = 24;
  let inside = 0;
  for (let run = 0; run < runs; run += 1) {
    const rows = [0, 50, 100, 200, 400].map((examples): Row => {
      const chance = 0.3 + 0.5 * -Math.expm1(-0.01 * examples);
      const accepted = Array.from({ length: 120 }, () => random.chance(chance)).filter(Boolean);
      return [examples, 120, accepted.length];
    });
    const curve = fitLearningCurve(pointsOf(rows));
    if (curve.kind === 'curve' && curve.pMax.low <= 0.8 && 0.8 <= curve.pMax.high) inside += 1;
  }
  t.true(inside >= 0.85 * runs, `${inside} of ${runs}`);
});

test('no p0 and pMax of a fine grid are likelier than those that are taken', (t) => {
  const random = seededRandom(3);
  for (let run = 0; run < 100; run += 1) {
    const points = Array.from({ length: 3 + random.int(4) }, (_, at): CurvePoint => {
      const tried = 1 + random.int(60);
      return { examples: at * (1 + random.int(50)), tried, accepted: random.int(tried + 1) };
    });
    const rate = Math.exp(random.int(70) / 10 - 6);
    const fit = mixtureAt(points, rate);
    t.true(0 <= fit.p0 && fit.p0 <= fit.pMax && fit.pMax <= 1);
    for (let low = 1; low < 40; low += 1) {
      for (let high = low; high < 40; high += 1) {
        const likelihood = likelihoodAt(points, low / 40, high / 40, rate);
        if (likelihood > fit.likelihood + 1e-6) return t.fail(JSON.stringify({ points, fit }));
      }
    }
  }
});

const likelihoodAt = (
  points: readonly CurvePoint[],
  p0: number,
  pMax: number,
  rate: number,
): number =>
  points.reduce((sum, { examples, tried, accepted }) => {
    const chance = p0 + (pMax - p0) * -Math.expm1(-rate * examples);
    return sum + accepted * Math.log(chance) + (tried - accepted) * Math.log(1 - chance);
  }, 0);

test('counts that cannot be are refused', (t) => {
  for (const row of [
    [0, 3, 4],
    [-1, 3, 2],
    [0, Number.NaN, 0],
  ] as const) {
    t.throws(() => fitLearningCurve(pointsOf([row])), { instanceOf: RangeError });
  }
});

const wilson = test.macro((t, count: number, of: number, low: number, high: number) => {
  const share = shareOf(count, of);
  t.is(share?.low.toFixed(4), low.toFixed(4));
  t.is(share?.high.toFixed(4), high.toFixed(4));
});

// R. G. Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3
each(wilson, {
  '81 of 263': [81, 263, 0.2553, 0.3662],
  '15 of 148': [15, 148, 0.0624, 0.1605],
  '0 of 20': [0, 20, 0, 0.1611],
  '1 of 29': [1, 29, 0.0061, 0.1718],
});

test('a share of nothing has no value', (t) => {
  t.is(shareOf(0, 0), null);
});
