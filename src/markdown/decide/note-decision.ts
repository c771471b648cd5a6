// SPDX-License-Identifier: GPL-3.0-only
import type { Candidates } from '../../chore/decide/decision.ts';
import type { Json } from '../../data/digest.ts';
import { commitDaysOf } from '../commit-days.ts';
import { isRefused } from '../decode-markdown.ts';
import { demandsOf } from '../demands.ts';
import type { FrontmatterEdit } from '../edit-frontmatter.ts';
import { normaliseNote } from '../normalise-note.ts';
import { chosenOf, noteQuestions } from './note-questions.ts';

/** Arguments of the tool `set_frontmatter` for an edit; what an edit does not do is left out. */
export const frontmatterArgs = (
  path: string,
  { set, remove = [], order = [], dates = [] }: FrontmatterEdit,
): Readonly<Record<string, Json>> => ({
  path,
  set: { ...set } as Json,
  ...(remove.length > 0 && { remove: [...remove] }),
  ...(order.length > 0 && { order: [...order] }),
  ...(dates.length > 0 && { dates: [...dates] }),
});

/** What is to be decided of a note, for every chore of frontmatter. What rules refuse no pick can mend. */
export const noteDecision: Candidates = ({ path, text, rules, with: more }, asked) => {
  const demands = demandsOf(asked, rules, path);
  if (isRefused(demands)) return demands;
  const note = { path, text, days: commitDaysOf(more, path) };
  const refused = normaliseNote(note, demands);
  if (isRefused(refused)) return refused;
  const questions = noteQuestions(note, demands);
  if (isRefused(questions)) return questions;
  return {
    questions,
    write: (picks) => {
      const written = normaliseNote(note, demands, chosenOf(questions, picks));
      return isRefused(written)
        ? written
        : { tool: 'set_frontmatter', args: frontmatterArgs(path, written.edit) };
    },
  };
};
