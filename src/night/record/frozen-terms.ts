// SPDX-License-Identifier: GPL-3.0-only
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { summarySchema } from '../../morning/summary.ts';
import type { GateTerms } from '../../review/gate/gate-terms.ts';
import { examResultSchema } from '../../review/schema.ts';

/** Beside `night.json` where a night's nodes run in jobs of their own. */
export const termsName = 'terms.json';

const measure = z.number().optional();
const agreement = { pairs: z.int().min(0), kappa: measure, ac1: measure, raw: measure };

const gateTermsSchema = z.strictObject({
  exams: z.array(examResultSchema),
  independence: z.union([
    z.strictObject({ independent: z.literal(true) }),
    z.strictObject({ independent: z.literal(false), reason: z.string() }),
  ]),
  standing: z.strictObject({
    ...agreement,
    live: z.strictObject(agreement),
    state: z.enum(['ok', 'alert', 'halt', 'too-few']),
  }),
});

/** What was frozen when the night was decided: jobs of the gate need neither reviewers nor state. */
export const frozenTermsSchema = z.strictObject({
  version: z.literal(1),
  /** The gate's terms by flow. */
  flows: z.record(z.string(), gateTermsSchema),
  reviewers: summarySchema.shape.reviewers,
  confinement: summarySchema.shape.confinement,
  notices: z.array(z.string()),
});

export type FrozenTerms = Omit<z.output<typeof frozenTermsSchema>, 'flows'> & {
  readonly flows: Readonly<Record<string, GateTerms>>;
};

/** Writes `terms.json` into a night's folder. */
export const writeTerms = (folder: string, terms: FrozenTerms): Promise<void> =>
  writeFile(join(folder, termsName), `${JSON.stringify(terms, null, 2)}\n`);

/** The frozen terms of a night's folder, if there are any. @throws UserError when it is something else. */
export const readTerms = async (folder: string): Promise<FrozenTerms | undefined> => {
  const file = join(folder, termsName);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return frozenTermsSchema.parse(JSON.parse(text)) as FrozenTerms;
  } catch (cause) {
    throw new UserError('differs from the file that collect wrote; run "pantheon collect" again', {
      place: { file },
      cause,
    });
  }
};
