// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { agreementOf, type Verdicts } from '../../../src/review/kappa/agreement.ts';
import { kappaError, kappaErrorOf } from '../../../src/review/kappa/kappa-error.ts';
import { each } from '../../each.ts';

type Table = readonly (readonly number[])[];

const published = test.macro(
  (
    t,
    table: Table,
    expected: readonly [error: number, low: number, high: number],
    digits: number,
  ) => {
    const error = kappaErrorOf(table);
    for (const [at, value] of [error?.standardError, error?.low, error?.high].entries()) {
      const off = Math.abs((value ?? Number.NaN) - (expected[at] ?? 0));
      t.true(off <= 0.5 * 10 ** -digits, `${value} is not ${expected[at]}`);
    }
  },
);

each(published, {
  // R's vcd, print(Kappa(SexualFun), CI = TRUE), as vcdExtra documents it:
  // https://friendly.github.io/vcdExtra/reference/print.Kappa.html (its ASE and bounds)
  'vcd on SexualFun, four answers': [
    [
      [7, 7, 2, 3],
      [2, 8, 3, 7],
      [1, 5, 4, 9],
      [2, 8, 9, 14],
    ],
    [0.0686, -0.00512, 0.2638],
    4,
  ],
  // Data of SAS's PROC FREQ, Getting Started: Agreement Study. Values: statsmodels 0.15 `cohens_kappa`.
  'two dermatologists, four answers': [
    [
      [10, 4, 1, 0],
      [5, 10, 12, 2],
      [2, 4, 12, 5],
      [0, 2, 6, 13],
    ],
    [0.07239668737, 0.20298044641, 0.48677024611],
    9,
  ],
  // Feinstein and Cicchetti, 1990, doi:10.1016/0895-4356(90)90158-L, tables 1 and 2; values: statsmodels 0.15
  'even margins': [
    [
      [40, 9],
      [6, 45],
    ],
    [0.0713936027, 0.55959034075, 0.83944812079],
    9,
  ],
  'the same agreement, uneven margins': [
    [
      [80, 10],
      [5, 5],
    ],
    [0.13345652122, 0.05661184308, 0.57975179328],
    9,
  ],
});

/** Counts of: both approve, only the first, only the second, neither. */
const pairsOf = (...[both = 0, first = 0, second = 0, neither = 0]: readonly number[]) =>
  (
    [
      ['approve', 'approve', both],
      ['approve', 'reject', first],
      ['reject', 'approve', second],
      ['reject', 'reject', neither],
    ] as const
  ).flatMap(([a, b, count]) => Array.from({ length: count }, (): Verdicts => [a, b]));

test('verdicts of two reviewers are that table', (t) => {
  const pairs = pairsOf(40, 9, 6, 45);
  t.deepEqual(
    kappaError(pairs),
    kappaErrorOf([
      [40, 9],
      [6, 45],
    ]),
  );
  const { kappa = Number.NaN } = agreementOf(pairs);
  const { low = Number.NaN, high = Number.NaN } = kappaError(pairs) ?? {};
  t.true(Math.abs((low + high) / 2 - kappa) < 1e-12);
});

// Values: irrCAC 0.4.4 for Python. The first table is that of K. L. Gwet, Kappa statistic is not satisfactory, 2002.
test('AC1 and kappa where nearly all is approved', (t) => {
  const { kappa, ac1 } = agreementOf(pairsOf(118, 5, 2, 0));
  t.is(kappa?.toFixed(5), '-0.02339');
  t.is(ac1?.toFixed(5), '0.94078');
  t.is(agreementOf(pairsOf(40, 9, 6, 45)).ac1?.toFixed(5), '0.70075');
  t.is(agreementOf(pairsOf(80, 10, 5, 5)).ac1?.toFixed(5), '0.80800');
});

const unsaid = test.macro((t, counts: readonly number[]) => {
  t.is(kappaError(pairsOf(...counts)), undefined);
});

each(unsaid, {
  'over no pairs an interval has no value': [[]],
  'nor where both always approve': [[30, 0, 0, 0]],
  'nor where all agree: ten pairs are not certainty': [[5, 0, 0, 5]],
  'nor where one approves everything': [[49, 0, 1, 0]],
});
