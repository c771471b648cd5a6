// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import type { EvalCase, EvalResult } from '../../../src/learn/eval/result.ts';
import { judgeEval, usualBar } from '../../../src/learn/promote/judge-eval.ts';
import { lookAt } from '../../../src/learn/promote/looks.ts';

const digest = 'a'.repeat(64);
const side = (accepted: boolean) => ({
  ...{ accepted, reason: '', seconds: 0 },
  units: { approved: 1, red: 0, skipped: 0 },
  tokens: { prompt: 0, cached: 0, completion: 0 },
});

type Pair = readonly [candidate: boolean, incumbent: boolean];

const resultOf = (pairs: readonly Pair[], incumbent = 'no adapter'): EvalResult => ({
  ...{ version: 1, agent: 'a', profile: 'p', evaluator: digest, heldOut: null },
  candidate: { version: 1, adapter: digest, base: { name: 'b', digest }, dataset: digest },
  incumbent: { name: incumbent },
  startedAt: '2026-11-20T12:00:00Z',
  cases: pairs.map(([candidate, other], at) => ({
    ...{ id: `c${at}`, kind: 'held-out', spec: digest, base: 'b' },
    candidate: side(candidate),
    incumbent: side(other),
  })),
});

const pairsOf = (count: number): readonly Pair[] =>
  Array.from({ length: count }, (_, at) => [at % 2 === 0, at % 3 === 0]);

test('the same result is the same look, and another one the next', (t) => {
  const first = lookAt({}, resultOf(pairsOf(20)), usualBar);
  t.deepEqual(first.look, { number: 1, of: 3, alpha: 0.05 / 3 });
  t.is(lookAt(first.looks, resultOf(pairsOf(20)), usualBar).look.number, 1);
  const second = lookAt(first.looks, resultOf(pairsOf(40)), usualBar);
  t.is(second.look.number, 2);
  t.is(lookAt(second.looks, resultOf(pairsOf(20)), usualBar).look.number, 1);
  const third = lookAt(second.looks, resultOf(pairsOf(60)), usualBar);
  t.is(lookAt(third.looks, resultOf(pairsOf(80)), usualBar).look.number, 4);
  t.is(lookAt(third.looks, resultOf(pairsOf(80), 'rules'), usualBar).look.number, 1);
});

test('what was planned before the first look holds', (t) => {
  const { looks } = lookAt({}, resultOf(pairsOf(20)), usualBar);
  t.throws(() => lookAt(looks, resultOf(pairsOf(40)), { ...usualBar, looks: 5 }), {
    message: '--looks: 3 were planned before the first look, and a plan holds. Write --looks 3',
  });
});

/** Numbers from 0 to 1, the same for the same seed: Marsaglia, Xorshift RNGs, 2003. */
const randomOf = (seed: number) => {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
};

const runs = 2_000;
const drawable = resultOf(
  [true, false].flatMap((one) => [
    [one, true],
    [one, false],
  ]),
).cases;

/** The share of versions as good as their incumbent that are said to be better or worse in so many looks. */
const decidedByChance = (
  of: number,
  alpha: number,
  grown: (before: readonly EvalCase[], drawn: readonly EvalCase[]) => readonly EvalCase[],
): number => {
  const random = randomOf(7);
  const draw = (): EvalCase => drawable[Math.floor(random() * 4)] as EvalCase;
  const bar = { leastPairs: 20, mostPairs: 10_000, leastEffect: 0, alpha };
  let decided = 0;
  for (let run = 0; run < runs; run += 1) {
    let cases: readonly EvalCase[] = [];
    for (let number = 1; number <= of; number += 1) {
      cases = grown(cases, Array.from({ length: 40 }, draw));
      const { code } = judgeEval(cases, bar, { number, of, alpha: alpha / of });
      if (code === 'promote.undecided') continue;
      if (code === 'promote.better' || code === 'promote.worse') decided += 1;
      break;
    }
  }
  return decided / runs;
};

test('over all looks chance decides no oftener than alpha', (t) => {
  const more = (before: readonly EvalCase[], drawn: readonly EvalCase[]) => [...before, ...drawn];
  const anew = (_: readonly EvalCase[], drawn: readonly EvalCase[]) => drawn;
  // Four standard errors of a share of 5 % over so many runs.
  const margin = 4 * Math.sqrt((0.05 * 0.95) / runs);
  for (const grown of [more, anew]) t.true(decidedByChance(3, 0.05, grown) <= 0.05 + margin);
  // With all of alpha for each look it would: this is what is guarded against.
  t.true(decidedByChance(3, 3 * 0.05, anew) > 0.05 + margin);
});
