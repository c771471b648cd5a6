// SPDX-License-Identifier: GPL-3.0-only
import type { RedCode } from './gate-terms.ts';

/** What must hold for a unit to be opened, in the order in which it is judged, with the codes that say it does not. */
const rules: readonly (readonly [rule: string, ...codes: RedCode[]])[] = [
  ['the patch matches its digest', 'patch'],
  ['all paths are in the scope and none is protected', 'scope', 'protected'],
  ['files and lines are within the limits', 'limits'],
  ['it contains no secret', 'secret'],
  ['tests and checks are green', 'tests'],
  ['two reviewers judged it', 'reviews'],
  ['both judged this very patch', 'digest'],
  ['both approve', 'rejected'],
  ['the reviewers are independent', 'independence'],
  ['both passed their exam', 'exam', 'unexamined'],
  ['their agreement has not collapsed', 'kappa'],
  ['it fits the rest of the pull request', 'overlap'],
];

/** The rules of the gate for a unit, in the order in which they are judged. */
export const gateRules: readonly string[] = rules.map(([rule]) => rule);

/**
 * How many of the rules passed before the one whose code is given, which is the first that failed; without a
 * code, all. `undefined` for a code that is not the gate's.
 */
export const passedRules = (code?: string): number | undefined => {
  if (code === undefined) return rules.length;
  const failed = rules.findIndex(([, ...codes]) => codes.some((one) => one === code));
  return failed < 0 ? undefined : failed;
};
