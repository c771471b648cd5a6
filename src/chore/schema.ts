// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { idSchema } from '../spec/schema.ts';

const template = z.string().min(1).max(1000);

/** Ways to say a chore; with `args`, what they mean beside what their places catch. */
export const sentencesSchema = z.union([
  template,
  z.strictObject({
    say: z.array(template).min(1).max(100),
    args: z.record(z.string(), z.json()).describe('Arguments that these sentences set'),
  }),
]);

const choreFields = z.strictObject({
  $schema: z.string().optional(),
  name: idSchema,
  description: z.string().min(1).max(500),
  flow: idSchema
    .optional()
    .describe(
      'The flow that works it; without one the chore asks for no change and is a condition',
    ),
  agent: idSchema.optional().describe('The agent that works it'),
  files: z.array(z.string()).optional().describe('Globs of the files it is for; default: all'),
  context: z
    .array(z.string())
    .default([])
    .describe("Globs of the files that it has to read, whatever the spec's scope is"),
  spreads: z
    .literal(true)
    .optional()
    .describe('It may change any file in scope, whatever its "files" say'),
  restyles: z
    .literal(true)
    .optional()
    .describe(
      'It changes how files are written and not what they say; what others do is judged before',
    ),
  stage: z.int().min(1).max(9).default(1).describe('Place in the curriculum: easy ones first'),
  order: z
    .int()
    .min(0)
    .max(100)
    .default(50)
    .describe('Of several chores on one patch lower ones are worked first'),
  rules: z
    .array(z.string())
    .default([])
    .describe('Keys of a spec\'s "rules" that ask for it where no sentence does'),
  args: z.record(z.string(), z.json()).describe('JSON Schema of its arguments, an object'),
  phrases: z.record(z.string(), template).default({}).describe('Phrases for the sentences'),
  sentences: z.array(sentencesSchema).max(100).default([]),
  near: z
    .array(sentencesSchema)
    .max(100)
    .default([])
    .describe('Sentences that may mean it or something else: the answer says how to ask exactly'),
  keywords: z
    .array(z.string().min(1).max(40))
    .max(40)
    .default([])
    .describe(
      'Other words that people use for it; a sentence that nothing reads is compared with them',
    ),
  examples: z.array(z.string().min(1).max(240)).min(1).max(20).describe('Sentences it understands'),
});

/** `chore.yaml`: what may be asked, and how it is said. */
export const choreSchema = choreFields.superRefine(({ flow, agent }, context) => {
  if ((flow === undefined) === (agent === undefined)) return;
  const [there, missing] = flow === undefined ? ['agent', 'flow'] : ['flow', 'agent'];
  context.addIssue({
    code: 'custom',
    path: [there as string],
    message: `works only beside "${missing}"; write both, or neither for a condition`,
  });
});

export type ChoreManifest = Readonly<z.output<typeof choreSchema>>;

/** The modules a chore may have beside its manifest; each exports a function of the same name. */
export type ChoreModule = 'plan' | 'work' | 'judge' | 'redo' | 'spoil';
