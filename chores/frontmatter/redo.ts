// SPDX-License-Identifier: GPL-3.0-only
import type { Judge, Judgement, PatchView } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import { firstCommitDateOf } from '../../src/markdown/first-commit-date.ts';
import { requestsFor } from './redoing/keys.ts';
import { redoNote } from './redoing/note.ts';

/** Writes the block of each changed note anew, once for all docs chores that are asked for. */
export const redo: Judge<unknown> = (_, patch) => {
  const judgement = redone.get(patch) ?? redoPatch(patch);
  redone.set(patch, judgement);
  return judgement;
};

const redone = new WeakMap<PatchView, Judgement>();

const redoPatch = (patch: PatchView): Judgement => {
  const texts = new Map<string, string>();
  const findings: string[] = [];
  for (const path of patch.paths.filter((one) => /\.(?:md|markdown)$/i.test(one))) {
    const [base, patched] = [patch.base.get(path), patch.patched.get(path)];
    if (base === undefined || patched === undefined) continue;
    try {
      const requests = requestsFor(patch, path);
      const day = firstCommitDateOf(patch.with, path);
      if (requests) texts.set(path, redoNote(path, base, patched, requests, day));
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      findings.push(`${path}: ${error.message}`);
    }
  }
  return { texts, findings };
};
