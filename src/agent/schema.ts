// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { loopCodes, nodeCodes } from '../data/findings/failures.ts';
import { findingCodeSchema } from '../data/findings/table.ts';
import { durationSchema } from '../flow/schema.ts';
import { idSchema, specSchema } from '../spec/schema.ts';

const count = z.int().positive();
const jsonSchema = z.record(z.string(), z.json());

/** What a node does in a flow; the gate finds the patch, the tests and the verdicts by it. */
export const roleSchema = z.enum(['plan', 'work', 'test', 'review', 'gate']);

/** Hard bounds of one run of the loop; reaching one ends it with the code in brackets. */
export const loopLimitsSchema = z.strictObject({
  maxSteps: count.default(12).describe('Answers asked of the model [steps]'),
  maxFailures: count.default(3).describe('Bad steps told to the model before giving up'),
  maxTokens: count.default(200_000).describe('Prompt and completion tokens, summed [tokens]'),
  maxOutputTokens: count.default(4096).describe('Tokens of one answer; cut there is [schema]'),
  maxRepeats: count.default(3).describe('The same call this many times [repeat]'),
  timeout: durationSchema
    .default(600_000)
    .describe('For the whole run but its waits for a slot [timeout]'),
  idleTimeout: durationSchema.default(120_000).describe('Engine silence in one answer [engine]'),
});

const common = {
  $schema: z.string().optional(),
  name: idSchema,
  version: z.string().regex(/^\d+(?:\.\d+){0,2}$/, 'use a version such as 1 or 1.0.0'),
  description: z.string().min(1),
  role: roleSchema,
  unit: z
    .enum(['file', 'spec'])
    .optional()
    .describe('role work: one unit per file in scope, or one for the whole spec'),
  out: jsonSchema.describe('JSON Schema of `result`'),
  timeout: durationSchema.optional(),
};

/** `agent.yaml` of an agent whose decisions come from a model (or rules standing in for one). */
export const modelAgentSchema = z.strictObject({
  ...common,
  kind: z.literal('model'),
  input: jsonSchema.optional().describe('JSON Schema of the extra input beside spec and unit'),
  tools: z.array(z.string()).default([]),
  limits: loopLimitsSchema.prefault({}),
  files: z.array(z.string()).optional().describe('unit file: globs of the files it can work on'),
  decision: z
    .literal(true)
    .optional()
    .describe(
      'In the dialect "decision" it only picks from what its chores offer, by the prompt in decide.txt',
    ),
});

/** `agent.yaml` of an agent that is a function, in `agent.ts` beside it. */
export const codeAgentSchema = z.strictObject({
  ...common,
  kind: z.literal('code'),
});

export const agentSchema = z.discriminatedUnion('kind', [modelAgentSchema, codeAgentSchema]);

export type Role = z.output<typeof roleSchema>;
export type LoopLimits = Readonly<z.output<typeof loopLimitsSchema>>;
export type ModelManifest = Readonly<z.output<typeof modelAgentSchema>>;
export type CodeManifest = Readonly<z.output<typeof codeAgentSchema>>;
export type AgentManifest = ModelManifest | CodeManifest;

/**
 * The micro-task that flows. For `file` units `paths` are literal paths, for `spec` units the
 * spec's scope patterns; either way it writes only those. `_spec` is the unit of entry and output.
 */
export const unitSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['file', 'spec']),
  paths: z.array(z.string()),
});

export type Unit = Readonly<z.output<typeof unitSchema>>;

/** A file in scope that a plan leaves out, and why; a name that is not plain stands as git quotes it. */
export const leftOutSchema = z.strictObject({ path: z.string(), reason: z.string() });

export type LeftOut = Readonly<z.output<typeof leftOutSchema>>;

/** One changed file of a patch; an absent side has the all-zero oid and mode `000000`. */
export const changeSchema = z.strictObject({
  path: z.string(),
  mode: z.string(),
  baseOid: z.string(),
  oid: z.string(),
});

/** `output.json` of a node. `diff` to `changes` are stamped by the runner, never by a model. */
export const outputSchema = z.strictObject({
  status: z.enum(['ok', 'fail']),
  notes: z.string(),
  metrics: z.record(z.string(), z.number()),
  result: z.json(),
  diff: z.string().optional(),
  stats: z.strictObject({ files: z.int(), insertions: z.int(), deletions: z.int() }).optional(),
  patchDigest: z.string().optional(),
  changes: z.array(changeSchema).optional(),
});

export type Output = Readonly<z.output<typeof outputSchema>>;

/** `input.json` of a node; `doc.frontmatter` and other file units also get the file. */
export const inputSchema = z.strictObject({
  spec: specSchema,
  unit: unitSchema,
  inputs: z.record(z.string(), outputSchema),
  path: z.string().optional(),
  body: z.string().optional(),
  rules: z.record(z.string(), z.json()).optional(),
  with: z.record(z.string(), z.json()).optional(),
  conventions: z
    .strictObject({ file: z.string(), note: z.string(), text: z.string() })
    .optional()
    .describe('The AGENTS.md nearest to its files, for a model'),
});

export type Input = Readonly<z.output<typeof inputSchema>>;

export const failureSchema = z.strictObject({
  code: z.enum([...loopCodes, ...nodeCodes]),
  finding: findingCodeSchema.optional().describe('Why, more exactly than `code` says it'),
  message: z.string(),
  advice: z.string().optional(),
  step: z.int().optional(),
});

/** `error.json`: why a node could not finish. `advice` is what a person could do about it. */
export type Failure = Readonly<z.output<typeof failureSchema>>;

/** A failure on one line: the first of its message, and the advice. */
export const failureLine = ({ message, advice }: Failure): string => {
  const [line = ''] = message.split('\n');
  return advice === undefined ? line : `${line} (${advice})`;
};
