// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { appendJsonLines, readJsonLines } from '../../data/json-lines.ts';
import { type ExamKind, type ExamResult, examResultSchema } from '../schema.ts';

const fileOf = (stateFolder: string): string => join(stateFolder, 'exams.jsonl');

/** All exam results so far, oldest first. @throws UserError on a broken line that is not the last. */
export const readExamResults = (stateFolder: string): Promise<readonly ExamResult[]> =>
  readJsonLines(fileOf(stateFolder), examResultSchema);

/** Keeps results for later nights; one process at a time. */
export const recordExamResults = (
  stateFolder: string,
  results: readonly ExamResult[],
): Promise<void> => appendJsonLines(fileOf(stateFolder), examResultSchema, results);

/** The last result a runtime has for a kind of unit. */
export const latestExamResult = (
  results: readonly ExamResult[],
  runtime: string,
  kind: ExamKind,
): ExamResult | undefined =>
  results.findLast((result) => result.runtime === runtime && result.kind === kind);
