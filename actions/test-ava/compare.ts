// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../src/data/count-noun.ts';
import type { FailedTest } from './reports/report.ts';
import type { PlaceRun } from './run-place.ts';

/** How a place's tests count for the patch, next to how they end without it. */
export type Judged = {
  /** Why it is red. */
  readonly red?: string;
  /** Tests that fail with the patch and not without it. */
  readonly failed: readonly FailedTest[];
  /** Tests that fail without the patch too. */
  readonly before: readonly FailedTest[];
};

/** Whether the run on the base is needed to judge the one on the patch. */
export const needsBase = ({ failed, fault, passed, missing }: PlaceRun): boolean =>
  failed.length > 0 || fault !== undefined || missing !== undefined || passed === 0;

/**
 * What fails by the same name without the patch does not count against it, where both runs went through.
 * What names no test does: nobody can say whether the patch adds to it.
 */
export const judgePlace = (run: PlaceRun, base: PlaceRun | undefined): Judged => {
  const { fault } = run;
  const { before, failed } = split(
    run.failed,
    base?.fault === undefined ? (base?.failed ?? []) : [],
  );
  if (failed.length > 0) {
    const others =
      before.length > 0 ? `; ${countNoun(before.length, 'more')} without the patch too` : '';
    return { failed, before, red: `${failed.length} failed: ${failed[0]?.text}${others}` };
  }
  if (run.missing !== undefined && base?.missing === undefined) {
    const red = `\`${run.missing}\` finds no such program, and does without the patch`;
    return { failed, before, red };
  }
  if (fault !== undefined) {
    const too = base?.fault === undefined ? '' : ', and so it is without the patch';
    return { failed, before, red: `${fault}${too}` };
  }
  if (ranAny(run)) return { failed, before };
  return base && ranAny(base)
    ? { failed, before, red: 'no test ran where tests were expected' }
    : { failed, before };
};

/** Skipped ones did not run. */
const ranAny = ({ passed, failed }: PlaceRun): boolean => passed + failed.length > 0;

/** By name, and as often as it is there. */
const split = (
  now: readonly FailedTest[],
  then: readonly FailedTest[],
): { readonly failed: readonly FailedTest[]; readonly before: readonly FailedTest[] } => {
  const left = new Map<string, number>();
  for (const { name } of then) left.set(name, (left.get(name) ?? 0) + 1);
  const failed: FailedTest[] = [];
  const before: FailedTest[] = [];
  for (const test of now) {
    const count = left.get(test.name) ?? 0;
    left.set(test.name, count - 1);
    (count > 0 ? before : failed).push(test);
  }
  return { failed, before };
};
