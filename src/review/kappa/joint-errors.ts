// SPDX-License-Identifier: GPL-3.0-only
import type { JointErrors, Pair, Truth, Verdict } from '../schema.ts';
import { cohenKappa } from './agreement.ts';

/** An exam patch with what it deserved and what two reviewers said. */
export type JudgedPatch = {
  readonly truth: Truth;
  readonly verdicts: readonly [Verdict, Verdict];
};

/** Fewer errors of one reviewer say nothing about whether the other shares them. */
const fewestErrors = 5;

/** The patches of exam pairs; a pair of an older ledger does not say what it deserved. */
export const judgedPatches = (pairs: readonly Pair[]): readonly JudgedPatch[] =>
  pairs.flatMap(({ truth, verdicts }) => (truth === undefined ? [] : [{ truth, verdicts }]));

/**
 * How two reviewers err together: counts, the share of the first one's errors that the second makes too
 * (P(B wrong | A wrong)), phi of their errors, and each one's kappa against the truth; `null` where there is
 * nothing to divide by. Source: E. Kim, A. Garg, K. Peng and N. Garg, Correlated Errors in Large Language
 * Models, 2025, arXiv:2506.07962
 */
export const jointErrorsOf = (patches: readonly JudgedPatch[]): JointErrors => {
  const errors = patches.map(
    ({ truth, verdicts: [a, b] }) => [a !== deserved(truth), b !== deserved(truth)] as const,
  );
  const wrong = ([0, 1] as const).map((at) => errors.filter((pair) => pair[at]).length);
  const [a = 0, b = 0] = wrong;
  const both = errors.filter(([first, second]) => first && second).length;
  const against = (at: 0 | 1): number | null =>
    cohenKappa(patches.map(({ truth, verdicts }) => [verdicts[at], deserved(truth)])) ?? null;
  return {
    patches: patches.length,
    wrong: [a, b],
    both,
    share: a === 0 ? null : both / a,
    phi: phiOf(patches.length, a, b, both),
    kappas: [against(0), against(1)],
  };
};

const deserved = (truth: Truth): Verdict => (truth === 'good' ? 'approve' : 'reject');

/**
 * Correlation of two errors, -1 to 1: (n n11 - n1. n.1) / sqrt(n1. n0. n.1 n.0).
 * Source: G. U. Yule, On the Methods of Measuring Association Between Two Attributes, 1912, doi:10.2307/2340126
 */
const phiOf = (all: number, a: number, b: number, both: number): number | null => {
  const spread = a * (all - a) * b * (all - b);
  return spread === 0 ? null : (all * both - a * b) / Math.sqrt(spread);
};

/** The errors of one reviewer that the other shares beyond `most`, a share; `undefined` where that is not so. */
export const sharedErrors = (
  { wrong, both }: JointErrors,
  most: number,
): { readonly both: number; readonly of: number } | undefined => {
  const of = wrong.find((count) => count >= fewestErrors && both / count > most);
  return of === undefined ? undefined : { both, of };
};

/** One line for a report, for example `the second is wrong on 2 of the first's 3 errors (0.67) and has 4, ...`. */
export const formatJointErrors = ({ wrong, both, share, phi, kappas }: JointErrors): string =>
  wrong[0] + wrong[1] === 0
    ? 'neither made an error'
    : `the second is wrong on ${both} of the first's ${wrong[0]} errors (${figure(share)}) and has ${wrong[1]}, ` +
      `phi ${figure(phi)}; kappa against the truth ${figure(kappas[0])} and ${figure(kappas[1])}`;

const figure = (value: number | null): string => value?.toFixed(2) ?? 'undefined';
