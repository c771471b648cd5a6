// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import fc from 'fast-check';
import type { EvalCase, PairCounts, SideOutcome } from '../../../src/learn/eval/result.ts';
import { judgeEval, usualBar } from '../../../src/learn/promote/judge-eval.ts';
import type { Look } from '../../../src/learn/promote/looks.ts';
import { mcNemarExact, pairedEffect } from '../../../src/learn/promote/paired-test.ts';

/** By scipy 1.17, `binomtest(min(b, c), b + c, 0.5).pvalue`; the first two are in Fagerland et al. 2013. */
const tested: readonly (readonly [candidate: number, incumbent: number, p: number])[] = [
  [1, 7, 0.0703125],
  [6, 16, 0.052478790283203125],
  [10, 2, 0.03857421875],
  [0, 6, 0.03125],
  [5, 5, 1],
  [3, 12, 0.03515625],
  [40, 21, 0.0204147137996349],
  [250, 180, 0.0008559705446208579],
  [59, 6, 4.964650327128616e-12],
];

for (const [candidate, incumbent, p] of tested) {
  test(`the exact test of McNemar over ${candidate} and ${incumbent}`, (t) => {
    t.true(Math.abs(mcNemarExact({ candidate, incumbent }) / p - 1) < 1e-9);
  });
}

test('no pair that differs is no evidence', (t) => {
  t.is(mcNemarExact({ candidate: 0, incumbent: 0 }), 1);
});

test('the interval is that of the R package contingencytables (Cavo et al. 2012)', (t) => {
  const effect = pairedEffect({ both: 59, candidate: 6, incumbent: 16, neither: 80 });
  const shown = [effect?.value, effect?.low, effect?.high].map((one) => one?.toFixed(4));
  t.deepEqual(shown, ['-0.0621', '-0.1186', '-0.0046']);
});

test('over no pairs there is no effect', (t) => {
  t.is(pairedEffect({ both: 0, candidate: 0, incumbent: 0, neither: 0 }), null);
});

test('the interval has the value, stays within bounds and turns with the sides', (t) => {
  const some = fc.nat({ max: 60 });
  const tables = fc.record({ both: some, candidate: some, incumbent: some, neither: some });
  fc.assert(
    fc.property(tables, (pairs) => {
      const effect = pairedEffect(pairs);
      const { candidate, incumbent } = pairs;
      const turned = pairedEffect({ ...pairs, candidate: incumbent, incumbent: candidate });
      if (!effect || !turned) return;
      t.true(effect.low <= effect.value + 1e-12 && effect.value <= effect.high + 1e-12);
      t.true(effect.low >= -1 - 1e-9 && effect.high <= 1 + 1e-9);
      t.true(Math.abs(effect.low + turned.high) < 1e-9);
    }),
  );
});

const side = (accepted: boolean, broken?: string): SideOutcome => ({
  accepted,
  ...(broken !== undefined && { broken }),
  reason: '',
  units: { approved: 1, red: 0, skipped: 0 },
  tokens: { prompt: 0, cached: 0, completion: 0 },
  seconds: 0,
});

const one = (kind: EvalCase['kind'], candidate: SideOutcome, incumbent: SideOutcome): EvalCase => ({
  ...{ id: 'x', kind, spec: 'a', base: 'b', candidate, incumbent },
});

const casesOf = ({ both, candidate, incumbent, neither }: PairCounts): readonly EvalCase[] =>
  (
    [
      [both, true, true],
      [candidate, true, false],
      [incumbent, false, true],
      [neither, false, false],
    ] as const
  ).flatMap(([count, first, second]) =>
    Array.from({ length: count }, () => one('held-out', side(first), side(second))),
  );

const firstLook: Look = { number: 1, of: 3, alpha: 0.05 / 3 };

const judged = test.macro(
  (
    t,
    pairs: readonly number[],
    says: readonly [string, string],
    more: readonly EvalCase[] = [],
    look: Look = firstLook,
  ) => {
    const [both = 0, candidate = 0, incumbent = 0, neither = 0] = pairs;
    const cases = [...casesOf({ both, candidate, incumbent, neither }), ...more];
    const { verdict, code } = judgeEval(cases, usualBar, look);
    t.deepEqual([verdict, code], says);
  },
);

const clear = [10, 12, 1, 10];
test('better beyond chance', judged, clear, ['PROMOTE', 'promote.better']);
test('worse beyond chance', judged, [10, 1, 12, 10], ['REJECT', 'promote.worse']);
test('better by too little', judged, [500, 12, 1, 10], ['REJECT', 'promote.small-effect']);
test('few pairs', judged, [2, 12, 1, 2], ['EXTEND', 'promote.few-pairs']);
test('nothing was worked', judged, [0, 0, 0, 0], ['EXTEND', 'promote.few-pairs']);
test('few that differ', judged, [10, 6, 0, 10], ['EXTEND', 'promote.few-differences']);
test('as few as can decide', judged, [10, 7, 0, 10], ['PROMOTE', 'promote.better']);
test('within chance', judged, [10, 7, 3, 10], ['EXTEND', 'promote.undecided']);
const within = [10, 7, 3, 10];
const spent = ['INCONCLUSIVE', 'promote.looks-spent'] as const;
test('within chance at the last look', judged, within, spent, [], { ...firstLook, number: 3 });
test('after the last look', judged, clear, spent, [], { ...firstLook, number: 4 });
const oneOfThree = ['EXTEND', 'promote.undecided'] as const;
test('beyond chance of one look, not of three', judged, [10, 10, 2, 10], oneOfThree);
test('within chance of many', judged, [150, 20, 15, 50], ['INCONCLUSIVE', 'promote.no-difference']);
test(
  'a guard case is lost',
  judged,
  clear,
  ['REJECT', 'promote.guard-worse'],
  [one('guard', side(false), side(true))],
);
test(
  'a guard case that neither gets',
  judged,
  clear,
  ['PROMOTE', 'promote.better'],
  [one('guard', side(false), side(false))],
);
test(
  'an engine failed for one',
  judged,
  clear,
  ['INCONCLUSIVE', 'promote.broken-pairs'],
  [one('held-out', side(false, 'engine: out'), side(true))],
);
test(
  'one was not worked yet',
  judged,
  clear,
  ['INCONCLUSIVE', 'promote.broken-pairs'],
  [{ id: 'y', kind: 'guard', spec: 'a', base: 'b' }],
);
test(
  'what neither could be asked says nothing',
  judged,
  clear,
  ['PROMOTE', 'promote.better'],
  [one('held-out', side(false, 'engine: out'), side(false, 'engine: out'))],
);
