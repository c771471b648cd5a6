// SPDX-License-Identifier: GPL-3.0-only
import { sha256 } from '../../data/digest.ts';
import type { ExamKind, ExamResult } from '../schema.ts';
import type { ExamCase } from './exam-case.ts';
import type { ReviewerAnswer } from './run-exam.ts';

/** An exam that a runtime has not finished. */
export type BrokenExam = ExamResult & { readonly kept: NonNullable<ExamResult['kept']> };

/** The exam of a kind that a runtime began last and has not finished; nothing where it finished that one. */
export const unfinishedExam = (
  results: readonly ExamResult[],
  runtime: string,
  kind: ExamKind,
): BrokenExam | undefined => {
  const last = results.findLast((result) => result.runtime === runtime && result.kind === kind);
  return last?.kept && { ...last, kept: last.kept };
};

/** How often what surrounds a runtime has broken its exam of a kind off in one night. */
export const faultsTonight = (
  results: readonly ExamResult[],
  runtime: string,
  kind: ExamKind,
  night: string,
): number =>
  results.filter(
    (result) =>
      result.runtime === runtime &&
      result.kind === kind &&
      result.kept?.night === night &&
      result.kept.fault,
  ).length;

/** sha256 over all that a reviewer is shown in an exam: its patches, and the commit under them. */
export const paperDigest = (cases: readonly ExamCase[], commit: string): string =>
  sha256(
    JSON.stringify([
      commit,
      ...cases.map(({ base, edits, ...rest }) => ({
        ...rest,
        base: [...base],
        edits: [...edits].map(([path, text]) => [path, text ?? null]),
      })),
    ]),
  );

/** What was answered of just this paper. */
export const answersTo = (
  unfinished: BrokenExam | undefined,
  paper: string,
): ReadonlyMap<string, ReviewerAnswer> =>
  new Map(unfinished?.kept.paper === paper ? Object.entries(unfinished.kept.answers) : []);
