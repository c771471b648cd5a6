// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { gateSchema } from '../../../src/config/schema.ts';
import {
  formatJointErrors,
  type JudgedPatch,
  jointErrorsOf,
  judgedPatches,
  sharedErrors,
} from '../../../src/review/kappa/joint-errors.ts';
import { standingOf } from '../../../src/review/kappa/reviewer-standing.ts';
import type { Pair } from '../../../src/review/schema.ts';

/** Counts of patches that both get wrong, only the first, only the second, neither; half of each are good. */
type Table = readonly [number, number, number, number];

const patchesOf = (table: Table): readonly JudgedPatch[] =>
  table.flatMap((count, at) =>
    Array.from({ length: count }, (_, index): JudgedPatch => {
      const truth = index % 2 === 0 ? 'bad' : 'good';
      const [right, wrong] =
        truth === 'good' ? (['approve', 'reject'] as const) : (['reject', 'approve'] as const);
      return { truth, verdicts: [at < 2 ? wrong : right, at === 0 || at === 2 ? wrong : right] };
    }),
  );

const errs = test.macro(
  (t, table: Table, share: number | null, phi: number | null, shared: boolean) => {
    const joint = jointErrorsOf(patchesOf(table));
    const close = (actual: number | null, expected: number | null) =>
      expected === null || actual === null
        ? t.is(actual, expected)
        : t.true(Math.abs(actual - expected) < 5e-4, `${actual} is not ${expected}`);
    close(joint.share, share);
    close(joint.phi, phi);
    t.deepEqual(joint.wrong, [table[0] + table[1], table[0] + table[2]]);
    t.is(joint.both, table[0]);
    t.is(sharedErrors(joint, gateSchema.parse({}).jointErrors) !== undefined, shared);
  },
);

test('no patch judged', errs, [0, 0, 0, 0], null, null, false);
test('no error', errs, [0, 0, 0, 200], null, null, false);
test('errors of one alone', errs, [0, 9, 0, 191], 0, null, false);
// (400 * 4 - 8 * 8) / sqrt(8 * 392 * 8 * 392)
test('half of the errors are shared', errs, [4, 4, 4, 388], 0.5, 0.4898, false);
test('more than half', errs, [5, 4, 4, 387], 0.5556, 0.5453, true);
test('all', errs, [5, 0, 0, 395], 1, 1, true);
test('four errors say nothing', errs, [4, 0, 0, 396], 1, 1, false);
test('all of the better one, few of the other', errs, [6, 14, 0, 380], 0.3, 0.5379, true);
test('as often together as chance has it', errs, [4, 16, 76, 304], 0.2, 0, false);

test('each one’s kappa is against the truth', (t) => {
  const { kappas } = jointErrorsOf(patchesOf([0, 0, 10, 90]));
  t.is(kappas[0], 1);
  t.true(Math.abs((kappas[1] ?? 0) - 0.8) < 1e-9);
  const always: JudgedPatch = { truth: 'good', verdicts: ['approve', 'reject'] };
  t.deepEqual(jointErrorsOf([always]).kappas, [null, 0]);
});

test('a pair that errs together is halted, whatever its kappa', (t) => {
  const gate = gateSchema.parse({});
  const pairs = patchesOf([6, 0, 0, 394]).map(
    (patch, index): Pair => ({
      source: 'exam',
      night: 'seed-1',
      spec: 'code',
      unit: `${index}`,
      runtimes: ['a', 'b'],
      verdicts: [...patch.verdicts],
      truth: patch.truth,
    }),
  );
  const standing = standingOf(pairs, gate, pairs);
  t.is(standing.kappa, 1);
  t.is(standing.state, 'halt');
  t.is(standingOf(pairs, { ...gate, jointErrors: 1 }, pairs).state, 'ok');
  const older = pairs.map(({ truth: _, ...pair }) => pair);
  t.deepEqual(judgedPatches(older), []);
  t.is(standingOf(older, gate, older).exam, undefined);
});

test('it is said in one line', (t) => {
  t.is(formatJointErrors(jointErrorsOf(patchesOf([0, 0, 0, 9]))), 'neither made an error');
  t.is(
    formatJointErrors(jointErrorsOf(patchesOf([2, 1, 2, 195]))),
    "the second is wrong on 2 of the first's 3 errors (0.67) and has 4, phi 0.57; kappa against the truth 0.97 and 0.96",
  );
});
