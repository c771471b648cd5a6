// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { gateSchema } from '../../../src/config/schema.ts';
import { kappaTrend, reviewerPairs } from '../../../src/morning/metrics/kappa-trend.ts';
import type { Pair } from '../../../src/review/schema.ts';

const gate = gateSchema.parse({});

/** Pairs of one night by counts of: both approve, only the first, only the second, neither. */
const night = (
  name: string,
  counts: readonly [number, number, number, number],
  more: Partial<Pair> = {},
): readonly Pair[] =>
  (
    [
      ['approve', 'approve'],
      ['approve', 'reject'],
      ['reject', 'approve'],
      ['reject', 'reject'],
    ] as const
  ).flatMap((verdicts, kind) =>
    Array.from({ length: counts[kind] ?? 0 }, (_, at) => ({
      source: 'live' as const,
      night: name,
      spec: 's',
      unit: `${kind}-${at}`,
      runtimes: ['a', 'b'] as [string, string],
      verdicts: [...verdicts] as Pair['verdicts'],
      ...more,
    })),
  );

const ledger: readonly Pair[] = [
  ...night('seed-1', [25, 0, 0, 25], { source: 'exam', spec: 'docs' }),
  ...night('n1', [20, 0, 0, 10]),
  ...night('n2', [10, 9, 9, 2], { runtimes: ['b', 'a'] }),
  ...night('n2', [5, 0, 0, 5], { runtimes: ['a', 'c'] }),
  ...night('n3', [0, 25, 25, 0]),
];

test('a trend has a point for each night, with the lines and the state in which it left the pair', (t) => {
  const { lines, points } = kappaTrend(ledger, ['a', 'b'], gate);
  t.is(lines.alert, 0.6);
  t.is(lines.halt, 0.4);
  t.deepEqual(
    points.map(({ night, pairs, state }) => [night, pairs, state]),
    [
      ['n1', 80, 'ok'],
      ['n2', 100, 'ok'],
      ['n3', 100, 'halt'],
    ],
  );
  const [first, second, third] = points;
  t.is(first?.kappa, 1);
  t.is(first?.error, null, 'all agree: the error has no value, and is not 0');
  t.true((second?.kappa ?? 0) < 1 && (second?.error?.low ?? 9) < (second?.kappa ?? 0));
  t.is(third?.live.kappa, -1);
  t.is(third?.live.agreement, 0);
});

test('a coefficient without a value is null', (t) => {
  const { points } = kappaTrend(night('n1', [30, 0, 0, 0]), ['a', 'b'], gate);
  t.like(points[0], { kappa: null, error: null, state: 'halt' });
  t.is(points[0]?.live.ac1, 1);
});

test('what came later is not seen by an earlier night, and old nights are left out', (t) => {
  const [last, ...more] = kappaTrend(ledger, ['b', 'a'], gate, 1).points;
  t.deepEqual(more, []);
  t.is(last?.night, 'n3');
  const before = kappaTrend(ledger.slice(0, -50), ['a', 'b'], gate).points.at(-1);
  t.deepEqual(before, kappaTrend(ledger, ['a', 'b'], gate).points[1]);
});

test('pairs of reviewers are those that judged live units, the last first', (t) => {
  t.deepEqual(reviewerPairs(ledger), [
    ['a', 'b'],
    ['a', 'c'],
  ]);
  t.deepEqual(reviewerPairs(ledger.slice(0, 50)), []);
  t.deepEqual(kappaTrend(ledger, ['x', 'y'], gate).points, []);
});
