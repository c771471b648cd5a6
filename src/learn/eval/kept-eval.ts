// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { specSchema } from '../../spec/schema.ts';
import { parseJson } from '../../trace/shown-values.ts';
import { type EvalResult, evalResultSchema } from './result.ts';

const trialSpecSchema = z.strictObject({
  kind: z.enum(['held-out', 'guard']),
  spec: specSchema,
  on: z.union([z.strictObject({ commit: z.string() }), z.strictObject({ folder: z.string() })]),
});

/** A spec that both work, and the files that it is worked on: those of a commit, or of a folder. */
export type TrialSpec = Readonly<z.output<typeof trialSpecSchema>>;

const keptSchema = z.strictObject({
  result: evalResultSchema,
  /** What was worked, whole: to compare what judges today with what judged then. */
  specs: z.array(trialSpecSchema),
});

/** What `pantheon eval` keeps of a version. */
export type KeptEval = { readonly result: EvalResult; readonly specs: readonly TrialSpec[] };

/** Where the trials of a version are in a state folder, and their result. */
export const evalPlace = ({ root }: { readonly root: string }, name: string): string =>
  join(root, 'evals', name);

/** The same of what nights had it work in the shadow: out of the nights, so that nothing of it counts as theirs. */
export const shadowPlace = ({ root }: { readonly root: string }, name: string): string =>
  join(root, 'shadows', name);

/** The file of a result in the folder of a version's trials. */
export const resultFile = (place: string): string => join(place, 'result.json');

/** What was kept of a version; nothing where it was never evaluated. @throws UserError for something else. */
export const readEval = (place: string): KeptEval | undefined => {
  const file = resultFile(place);
  if (!existsSync(file)) return undefined;
  const kept = keptSchema.safeParse(parseJson(readFileSync(file, 'utf8'))).data;
  if (kept) return kept;
  throw new UserError('is not what "pantheon eval" writes. Delete it and evaluate again', {
    place: { file },
  });
};

/** Keeps a result by rename: a reader finds the last whole one. @throws UserError where the disk is full. */
export const writeEval = (place: string, kept: KeptEval): void =>
  replaceWhole(resultFile(place), `${JSON.stringify(keptSchema.parse(kept), null, 2)}\n`);

/** Replaces a file at once, or not at all. @throws UserError where the disk is full. */
export const replaceWhole = (file: string, text: string): void => {
  const draft = `${file}.new`;
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(draft, text, { flush: true });
    renameSync(draft, file);
  } catch (cause) {
    rmSync(draft, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw cause;
    throw new UserError(`cannot be written: the disk is full. What was there is as it was`, {
      place: { file },
      cause,
    });
  }
};
