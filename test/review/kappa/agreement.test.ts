// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { gateSchema } from '../../../src/config/schema.ts';
import { agreementOf, type Verdicts } from '../../../src/review/kappa/agreement.ts';
import { formatStanding, standingOf } from '../../../src/review/kappa/reviewer-standing.ts';
import type { Pair, Standing } from '../../../src/review/schema.ts';

/** Counts of: both approve, only the first, only the second, neither. */
type Table = readonly [number, number, number, number];

const pairsOf = ([both, first, second, neither]: Table): readonly Verdicts[] => [
  ...Array.from({ length: both }, () => ['approve', 'approve'] as const),
  ...Array.from({ length: first }, () => ['approve', 'reject'] as const),
  ...Array.from({ length: second }, () => ['reject', 'approve'] as const),
  ...Array.from({ length: neither }, () => ['reject', 'reject'] as const),
];

const agrees = test.macro(
  (
    t,
    table: Table,
    kappa: number | undefined,
    ac1: number | undefined,
    raw: number | undefined,
  ) => {
    const close = (actual: number | undefined, expected: number | undefined) =>
      expected === undefined || actual === undefined
        ? t.is(actual, expected)
        : t.true(Math.abs(actual - expected) < 5e-4, `${actual} is not ${expected}`);
    const agreement = agreementOf(pairsOf(table));
    close(agreement.kappa, kappa);
    close(agreement.ac1, ac1);
    close(agreement.raw, raw);
  },
);

// https://en.wikipedia.org/wiki/Cohen%27s_kappa, its worked examples
test('the textbook example', agrees, [20, 5, 10, 15], 0.4, 0.4059, 0.7);
test('the same agreement, other margins', agrees, [45, 15, 25, 15], 0.1304, 0.2661, 0.6);
test('always of one mind', agrees, [10, 0, 0, 10], 1, 1, 1);
test('always of two minds', agrees, [0, 10, 10, 0], -1, -1, 0);
test('49 joint approvals and one split', agrees, [49, 1, 0, 0], 0, 0.9796, 0.98);
test('both always approve', agrees, [30, 0, 0, 0], undefined, 1, 1);
test('both always reject', agrees, [0, 0, 0, 7], undefined, 1, 1);
test('one always approves, the other never', agrees, [0, 9, 0, 0], 0, -1, 0);
test('no pairs', agrees, [0, 0, 0, 0], undefined, undefined, undefined);

const { kappa: config } = gateSchema.parse({});

const ledger = (table: Table, source: Pair['source'] = 'live'): readonly Pair[] =>
  pairsOf(table).map((verdicts, index) => ({
    source,
    night: 'n',
    spec: 's',
    unit: `${source}-${index}`,
    runtimes: ['a', 'b'],
    verdicts: [...verdicts],
  }));

const stands = test.macro((t, live: Table, exam: Table, state: Standing['state']) => {
  const standing = standingOf([...ledger(exam, 'exam'), ...ledger(live)], config);
  t.is(standing.state, state, formatStanding(standing));
  t.is(
    standing.live.pairs,
    live.reduce((sum, count) => sum + count, 0),
  );
});

test('agreement is ok', stands, [20, 1, 0, 9], [0, 0, 0, 0], 'ok');
test('below the alert line', stands, [15, 3, 4, 8], [0, 0, 0, 0], 'alert');
test('below the halt line', stands, [15, 5, 5, 5], [0, 0, 0, 0], 'halt');
test('too few never halt', stands, [0, 10, 9, 0], [0, 0, 0, 0], 'too-few');
test('one answer over enough pairs halts', stands, [20, 0, 0, 0], [0, 0, 0, 0], 'halt');
test('a lone split among approvals', stands, [49, 1, 0, 0], [25, 0, 0, 25], 'ok');
test('live collapse shows beside a clean exam', stands, [0, 25, 25, 0], [25, 0, 0, 25], 'halt');
