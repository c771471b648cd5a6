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
  hidden: z
    .int()
    .optional()
    .describe('How many of these patches were put to it among live units, in nights since'),
  broken: z
    .string()
    .optional()
    .describe('Why it could not be finished; such a result has no counts'),
  kept: z
    .strictObject({
      night: z.string(),
      paper: z.string().describe('sha256 over its patches and the commit they are on'),
      fault: z.boolean().describe('Whether what surrounds this reviewer failed'),
      answers: z.record(
        z.string().describe('Patch'),
        z.union([verdictSchema, z.strictObject({ unanswered: z.string() })]),
      ),
    })
    .optional()
    .describe('What was judged of an exam that broke off: the next one goes on there'),
});
export type ExamResult = Readonly<z.output<typeof examResultSchema>>;

/** Whether a patch of an exam was made to be approved or to be rejected. */
export const truthSchema = z.enum(['good', 'bad']);
export type Truth = z.output<typeof truthSchema>;

/** `exam.json`: what a patch deserves that an exam hid among a night's live units. */
export const hiddenPatchSchema = z.strictObject({
  kind: examKindSchema,
  truth: truthSchema,
  way: z.string().describe('How it was made: the chore of a good patch, the mutation of a bad one'),
});
export type HiddenPatch = Readonly<z.output<typeof hiddenPatchSchema>>;

/** One joint judgement by a pair of reviewers: a line of the ledger. */
export const pairSchema = z.strictObject({
  source: z
    .enum(['live', 'exam', 'hidden'])
    .describe('hidden: of an exam, put to them among live units'),
  night: z.string(),
  spec: z.string().describe('Of an exam: the kind of its patches'),
  unit: z.string(),
  runtimes: z.tuple([z.string(), z.string()]),
  verdicts: z.tuple([verdictSchema, verdictSchema]),
  truth: truthSchema.optional().describe('Of an exam: what the patch deserves'),
});
export type Pair = Readonly<z.output<typeof pairSchema>>;

const coefficient = z.number().optional();

/** Agreement over `pairs` joint judgements; a coefficient that has no value there is left out. */
export const agreementSchema = z.strictObject({
  pairs: z.int().min(0),
  /** Share of pairs with the same answer. */
  raw: coefficient,
  kappa: coefficient,
  ac1: coefficient,
});
export type Agreement = Readonly<z.output<typeof agreementSchema>>;

const measure = z.number().nullable();

/** How two reviewers erred together in their exams; `null` where there is nothing to divide by. */
export const jointErrorsSchema = z.strictObject({
  patches: z.int().min(0),
  wrong: z.tuple([z.int().min(0), z.int().min(0)]).describe('Errors of each reviewer'),
  both: z.int().min(0).describe('Patches that both got wrong'),
  share: measure.describe('Share of the first one\u2019s errors that the second makes too'),
  phi: measure.describe('Correlation of their errors'),
  kappas: z.tuple([measure, measure]).describe('Kappa of each reviewer against the truth'),
});
export type JointErrors = Readonly<z.output<typeof jointErrorsSchema>>;

/** Agreement over the window, and over its live pairs alone for the report. */
export const standingSchema = z.strictObject({
  ...agreementSchema.shape,
  live: agreementSchema,
  exam: jointErrorsSchema.optional(),
  /** What kappa and joint errors say: `halt` stops the gate, the others let it decide. */
  state: z.enum(['ok', 'alert', 'halt', 'too-few']),
});
export type Standing = Readonly<z.output<typeof standingSchema>>;

/** Whether two reviewers' approvals count as two, and if not, why. */
export const independenceSchema = z.discriminatedUnion('independent', [
  z.strictObject({ independent: z.literal(true) }),
  z.strictObject({ independent: z.literal(false), reason: z.string() }),
]);
export type Independence = Readonly<z.output<typeof independenceSchema>>;

/** The gate's terms as plain data: part of its input, so that its decision can be replayed. */
export const gateTermsSchema = z.strictObject({
  exams: z.array(examResultSchema).readonly(),
  independence: independenceSchema,
  standing: standingSchema,
});
export type GateTerms = Readonly<z.output<typeof gateTermsSchema>>;
