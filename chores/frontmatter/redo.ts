// SPDX-License-Identifier: GPL-3.0-only
import type { Judge, Judgement, PatchView } from '../../src/chore/patch.ts';
import { Declined, type Script } from '../../src/chore/script.ts';
import { firstCommitDateOf } from '../../src/markdown/first-commit-date.ts';
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
  const paths = new Set([...patch.paths, ...patch.worked]);
  for (const path of [...paths].filter((one) => /\.(?:md|markdown)$/i.test(one))) {
    try {
      const requests = requestsFor(patch, path);
      const isChanged = patch.base.has(path);
      const base = isChanged ? patch.base.get(path) : requests && (yield* patch.read(path, 'base'));
      const patched = isChanged ? patch.patched.get(path) : base;
      if (!requests || base === undefined || patched === undefined) continue;
      const day = firstCommitDateOf(patch.with, path);
      const text = redoNote(path, base, patched, requests, day);
      if (isChanged || text !== base) texts.set(path, text);
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      findings.push(`${path}: ${error.message}`);
    }
  }
  return { texts, findings };
}
