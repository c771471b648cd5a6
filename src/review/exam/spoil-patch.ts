// SPDX-License-Identifier: GPL-3.0-only
import { codeSpoils } from './code/spoil-code.ts';
import { bareNote } from './docs/clear-note.ts';
import { noteWays, spoilNote } from './docs/spoil-notes.ts';
import type { ExamCase, ExamEdits, ExamFiles } from './exam-case.ts';
import type { Random } from './seeded-random.ts';

/** A worker can reach no file outside its scope. */
const beyondWorkers: ReadonlySet<string> = new Set(['out-of-scope']);

/**
 * Any patch, made bad in a way that may be taken; nothing where none of them fits. `base` has the files that it
 * changes as they were.
 */
export const spoilPatch = (
  base: ExamFiles,
  edits: ExamEdits,
  isDrawn: (way: string) => boolean,
  random: Random,
): Pick<ExamCase, 'way' | 'edits'> | undefined => {
  const on = random.pick([...edits.keys()]);
  const note = /\.md$/i.test(on) ? bareNote(on, base.get(on) ?? '') : undefined;
  const ways = (note ? noteWays : Object.keys(codeSpoils)).filter(
    (way) => isDrawn(way) && !beyondWorkers.has(way),
  );
  for (const way of random.shuffle(ways)) {
    const spoiled = note
      ? spoilNote(note, { base, edits }, way, random)
      : codeSpoils[way]?.({ base, edits }, random);
    if (spoiled && [...spoiled].some(([path, text]) => text !== edits.get(path))) {
      return { way, edits: spoiled };
    }
  }
  return undefined;
};
