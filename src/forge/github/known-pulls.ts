// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { pullRequestSchema } from '../forge.ts';

const knownPullSchema = z.strictObject({
  number: z.int().positive(),
  url: z.string(),
  state: z.enum(['open', 'merged', 'closed']),
  /** When it was merged or closed. */
  endedAt: z.iso.datetime().nullable(),
  /** Set where it was no person, who would have decided something. */
  closedBy: z.literal('bot').optional(),
  openedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** The commit at the end of its branch. */
  tip: z.string(),
  /** The commit that merged it. */
  mergedAs: z.string().nullable(),
  /** What people did, as of an `updatedAt`; absent: nobody asked. */
  people: z
    .strictObject({
      asOf: z.string(),
      /** A person reviewed it and did not just approve. */
      changesAsked: z.boolean(),
      /** When a person last reviewed it or wrote below it. */
      last: z.iso.datetime().nullable(),
    })
    .optional(),
  pullRequest: pullRequestSchema,
});

const knownPullsSchema = z.strictObject({
  version: z.literal(1),
  /** `owner/name`: what was learnt of one repository says nothing of another. */
  repository: z.string(),
  /** The newest change seen. */
  seen: z.iso.datetime().nullable(),
  /** In the order they were opened. */
  pulls: z.array(knownPullSchema),
});

export type KnownPull = Readonly<z.output<typeof knownPullSchema>>;
export type KnownPulls = Readonly<z.output<typeof knownPullsSchema>>;

/**
 * What was last known of the forge's pull requests: so that only what changed since has to be asked
 * for, and a night goes on where the forge is out of reach. Without it everything is asked for.
 */
export const readKnownPulls = async (file: string, repository: string): Promise<KnownPulls> => {
  const nothing: KnownPulls = { version: 1, repository, seen: null, pulls: [] };
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return nothing;
  try {
    const recorded = knownPullsSchema.parse(JSON.parse(text));
    return recorded.repository === repository ? recorded : nothing;
  } catch {
    // Written by another version: everything is asked for again.
    return nothing;
  }
};

/** Replaces it whole. */
export const writeKnownPulls = async (file: string, pulls: KnownPulls): Promise<void> => {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(pulls)}\n`);
  await rename(`${file}.new`, file);
};
