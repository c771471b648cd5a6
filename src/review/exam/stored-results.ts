// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { type ExtendJournal, extendJournal, readJournal } from '../../trace/journal.ts';
import { type ExamKind, type ExamResult, examResultSchema } from '../schema.ts';

const fileOf = (stateFolder: string): string => join(stateFolder, 'exams.jsonl');

/** All exam results so far, oldest first. @throws UserError on a broken line that is not the last. */
export const readExamResults = async (stateFolder: string): Promise<readonly ExamResult[]> =>
  readJournal(fileOf(stateFolder), examResultSchema);

/** Keeps results for later nights, as `extend` writes them; one process at a time. */
export const recordExamResults = async (
  stateFolder: string,
  results: readonly ExamResult[],
  extend: ExtendJournal = extendJournal,
): Promise<void> => extend(fileOf(stateFolder), examResultSchema, results);

/** The result of the last exam of a kind that a runtime finished. */
export const latestExamResult = (
  results: readonly ExamResult[],
  runtime: string,
  kind: ExamKind,
): ExamResult | undefined =>
  results.findLast(
    (result) => result.runtime === runtime && result.kind === kind && result.broken === undefined,
  );
