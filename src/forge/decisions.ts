// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { appendLines, readLines } from '../data/json-lines.ts';

/** What a person decided about a pull request: one line of `decisions.jsonl`. */
export const decisionSchema = z.strictObject({
  at: z.iso.datetime(),
  branch: z.string(),
  spec: z.string(),
  specDigest: z.string(),
  night: z.string(),
  commit: z.string(),
  digest: z.string(),
  decision: z.enum(['accept', 'reject']),
  why: z.string().optional(),
});

export type Decision = Readonly<z.output<typeof decisionSchema>>;

/** All decisions, oldest first. @throws UserError naming a line that cannot be read. */
export const readDecisions = (file: string): Promise<readonly Decision[]> =>
  readLines(file, decisionSchema);

/** Appends one decision as one line. */
export const appendDecision = (file: string, decision: Decision): Promise<void> =>
  appendLines(file, decisionSchema, [decision]);
