// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';

export const verdictSchema = z.enum(['approve', 'reject']);

/** What a reviewer's model answers as `result`. */
export const opinionSchema = z.strictObject({
  verdict: verdictSchema,
  findings: z.array(z.string().max(2000)).max(100),
});

/** `review.json`: an opinion with what the runner stamps on it. */
export const reviewSchema = z.strictObject({
  ...opinionSchema.shape,
  patchDigest: z.string(),
  reviewer: z.string().describe('Node id, for example reviewA'),
  runtime: z.string().describe('Runtime digest'),
});

export type Verdict = z.output<typeof verdictSchema>;
export type Opinion = Readonly<z.output<typeof opinionSchema>>;
export type Review = Readonly<z.output<typeof reviewSchema>>;

/** The kinds of unit a reviewer is examined for. */
export const examKindSchema = z.enum(['docs', 'code']);
export type ExamKind = z.output<typeof examKindSchema>;

/** One reviewer's result: counts of seeded patches by truth and verdict. */
export const examResultSchema = z.strictObject({
  runtime: z.string(),
  kind: examKindSchema,
  seed: z.int(),
  good: z.int(),
  bad: z.int(),
  falseApprovals: z.int().describe('Seeded-bad patches it approved'),
  falseRejections: z.int().describe('Seeded-good patches it rejected'),
  recall: z.number().describe('Share of the bad patches it rejected'),
  precision: z.number().describe('Share of its rejections that were bad'),
  of: z
    .int()
    .optional()
    .describe('Patches of the whole exam, where it ended early: it could not be passed any more'),
  unanswered: z
    .record(z.string(), z.int())
    .optional()
    .describe('Patches on which it came to no verdict, by how it failed; they count as rejected'),
  broken: z.string().optional().describe('Why it could not be finished; such a result is not kept'),
});
export type ExamResult = Readonly<z.output<typeof examResultSchema>>;

/** One joint judgement by a pair of reviewers: a line of the ledger. */
export const pairSchema = z.strictObject({
  source: z.enum(['live', 'exam']),
  night: z.string(),
  spec: z.string(),
  unit: z.string(),
  runtimes: z.tuple([z.string(), z.string()]),
  verdicts: z.tuple([verdictSchema, verdictSchema]),
});
export type Pair = Readonly<z.output<typeof pairSchema>>;
