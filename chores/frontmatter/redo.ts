// SPDX-License-Identifier: GPL-3.0-only
import { type Judge, type Judgement, type PatchView, readOthers } from '../../src/chore/patch.ts';
import { Declined, type Script } from '../../src/chore/script.ts';
import { commitDaysOf } from '../../src/markdown/commit-days.ts';
import { redoNote } from './redoing/note.ts';
import { requestsFor } from './redoing/requests.ts';

/** Writes the block of each note anew, once for all docs chores that are asked for. */
export const redo: Judge<unknown> = function* (_, patch) {
  const judgement = redone.get(patch) ?? (yield* redoPatch(patch));
  redone.set(patch, judgement);
  return judgement;
};

const redone = new WeakMap<PatchView, Judgement>();

/** Also of a note that was to be worked and is as it was: it has to be as asked already. */
function* redoPatch(patch: PatchView): Script<Judgement> {
  const texts = new Map<string, string>();
  const findings: string[] = [];
  const isNote = (path: string): boolean => /\.(?:md|markdown)$/i.test(path);
  const others = patch.worked.length > 0 ? [] : (yield* readOthers(patch, isNote)).keys();
  const seen = new Set([...patch.paths, ...patch.worked]);
  for (const path of new Set([...seen, ...others])) {
    if (!isNote(path)) continue;
    try {
      const requests = requestsFor(patch, path);
      const isChanged = patch.base.has(path);
      const base = isChanged ? patch.base.get(path) : requests && (yield* patch.read(path, 'base'));
      const patched = isChanged ? patch.patched.get(path) : base;
      if (!requests || base === undefined || patched === undefined) continue;
      const days = commitDaysOf(patch.with, path);
      const text = redoNote(path, base, patched, requests, days);
      if (isChanged || text !== base) texts.set(path, text);
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      // Another note may be one of which nothing can be made.
      const isUndone = /^its keys? .*(?:should|not in the order)/.test(error.message);
      if (seen.has(path) || isUndone) findings.push(`${path}: ${error.message}`);
    }
  }
  return { texts, findings };
}
