// SPDX-License-Identifier: GPL-3.0-only
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readExamResults, recordExamResults } from '../../review/exam/stored-results.ts';
import { extendLedger, readLedger } from '../../review/kappa/ledger.ts';
import type { ExtendJournal } from '../../trace/journal.ts';
import type { Night } from '../record/night-schemas.ts';

/** What a night child reads of a state folder; it gets copies. */
const copied = ['exams.jsonl', 'ledger.jsonl', 'outcomes.jsonl'];

/** Makes a state folder that has these, and places for a night and for prepared packages. */
export const makeChildState = (state: string, into: string, id: string): void => {
  for (const place of ['deps', join('traces', id)])
    mkdirSync(join(into, place), { recursive: true });
  for (const name of copied) {
    if (existsSync(join(state, name))) copyFileSync(join(state, name), join(into, name));
  }
};

/**
 * Takes over the exams that were sat in a night: results of its own runtimes, and their pairs.
 * @throws UserError where the child left anything else.
 */
export const takeExams = async (
  state: string,
  from: string,
  { runtimes }: Pick<Night, 'runtimes'>,
  extend: ExtendJournal,
): Promise<void> => {
  const ours = new Set(Object.values(runtimes));
  const results = (await readExamResults(from)).slice((await readExamResults(state)).length);
  await recordExamResults(
    state,
    results.filter(({ runtime }) => ours.has(runtime)),
    extend,
  );
  const pairs = (await readLedger(from)).slice((await readLedger(state)).length);
  await extendLedger(
    state,
    pairs.filter((pair) => pair.source === 'exam' && pair.runtimes.every((one) => ours.has(one))),
    extend,
  );
};
