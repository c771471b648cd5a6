// SPDX-License-Identifier: GPL-3.0-only
import type { Journal } from '../../trace/journal.ts';
import type { JournalRecord } from '../record/night-schemas.ts';
import type { Outside } from './outside.ts';

/** A journal whose lines go to who writes it; `records` is what it had before. */
export const toldJournal = (
  records: readonly JournalRecord[],
  { record }: Outside,
): Journal<JournalRecord> => ({
  records,
  append: (line) => {
    if (line.type === 'node') record(line);
  },
  sync: () => {},
  close: () => {},
});
