// SPDX-License-Identifier: GPL-3.0-only
import { renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { summarySchema } from '../../morning/summary.ts';
import { gateTermsSchema } from '../../review/schema.ts';

/** Beside `night.json`. */
export const termsName = 'terms.json';

/** What was frozen when the night was decided: jobs of the gate need neither reviewers nor state. */
export const frozenTermsSchema = z.strictObject({
  version: z.literal(1),
  /** The gate's terms by flow. */
  flows: z.record(z.string(), gateTermsSchema),
  reviewers: summarySchema.shape.reviewers,
  confinement: summarySchema.shape.confinement,
  notices: z.array(z.string()),
});

export type FrozenTerms = Readonly<z.output<typeof frozenTermsSchema>>;

/** Writes `terms.json` into a night's folder, by rename. */
export const writeTerms = (folder: string, terms: FrozenTerms): void => {
  const file = join(folder, termsName);
  writeFileSync(`${file}.new`, `${JSON.stringify(terms, null, 2)}\n`);
  renameSync(`${file}.new`, file);
};

/** The frozen terms of a night's folder, if there are any. @throws UserError when it is something else. */
export const readTerms = async (folder: string): Promise<FrozenTerms | undefined> => {
  const file = join(folder, termsName);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return frozenTermsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError('differs from the file that collect wrote; run "pantheon collect" again', {
      place: { file },
      cause,
    });
  }
};
