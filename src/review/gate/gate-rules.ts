// SPDX-License-Identifier: GPL-3.0-only
import type { FindingCode } from '../../data/findings/table.ts';

/** What must hold for a unit to be opened, in the order in which it is judged, with the codes that say it does not. */
const rules: readonly (readonly [rule: string, ...codes: FindingCode[]])[] = [
  ['no rule of rules/ forbids the patch', 'gate.denied'],
  ['the patch matches its digest', 'gate.patch'],
  ['all paths are in the scope and none is protected', 'gate.scope', 'gate.protected'],
  ['files and lines are within the limits', 'gate.limits'],
  ['it contains no secret', 'gate.secret'],
  ['tests and checks are green', 'gate.tests'],
  ['two reviewers judged it', 'gate.reviews'],
  ['both judged this very patch', 'gate.digest'],
  ['both approve', 'gate.rejected'],
  ['the reviewers are independent', 'gate.independence'],
  ['both passed their exam', 'gate.exam', 'gate.unexamined'],
  ['their agreement has not collapsed', 'gate.kappa', 'gate.joint-errors'],
  ['it fits the rest of the pull request', 'gate.overlap'],
  ['the joined tree passes its tests', 'gate.joined-tests'],
];

/** The rules of the gate for a unit, in the order in which they are judged. */
export const gateRules: readonly string[] = rules.map(([rule]) => rule);

/**
 * How many of the rules passed before the one whose code is given, which is the first that failed; `undefined` without a
 * code, and for one that is not the gate's.
 */
export const passedRules = (code?: string): number | undefined => {
  const failed = rules.findIndex(([, ...codes]) => codes.some((one) => one === code));
  return failed < 0 ? undefined : failed;
};
