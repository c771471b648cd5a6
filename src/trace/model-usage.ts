// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';

const amount = z.number().nonnegative();

/** One answer of a model, as `metrics.json` keeps it. Times in ms; `startedAt` since 1970. */
export const completionRecordSchema = z.object({
  step: z.int(),
  startedAt: amount,
  promptTokens: amount,
  /** The part of the prompt that a prefix cache served. */
  cachedTokens: amount,
  completionTokens: amount,
  /** Waited before it was sent; the others count from the request too. */
  queuedMs: amount.optional(),
  firstTokenMs: amount.optional(),
  totalMs: amount,
  /** `error`: the engine gave no whole answer; then times are known, and the tokens that came of it where they are told. */
  finish: z.enum(['stop', 'length', 'error']),
  seed: z.int().optional(),
  /** How the engine held the answer to the schema. */
  constraint: z.enum(['json-schema', 'grammar']).optional(),
  /** How many keywords it did not hold, and how many closer than the schema says. */
  dropped: z.int().optional(),
  tightened: z.int().optional(),
  /** Whether the answer was made to begin as asked. */
  prefill: z.enum(['continued', 'left-out']).optional(),
  /** Code of what made the answer a bad step, or of why there is none. */
  fault: z.string().optional(),
});

const keywordSchema = z.object({ pointer: z.string(), keyword: z.string() });

/** When a tool ran; what it was asked and said is in `tool_calls.jsonl`. */
export const toolTimeSchema = z.object({ step: z.int(), startedAt: amount, totalMs: amount });

/** What answered. `adapter` is its name, the digests sha256. */
export const answeringSchema = z.object({
  engine: z.string(),
  origin: z.string(),
  version: z.string(),
  model: z.string().optional(),
  modelDigest: z.string(),
  adapter: z.string().optional(),
  adapterDigest: z.string().optional(),
  template: z.string().optional(),
  temperature: z.number().optional(),
  dialect: z.string().optional(),
});

/** What `metrics.json` holds beside its sums where a model was asked. */
export const usageSchema = z.object({
  runtime: answeringSchema,
  completions: z.array(completionRecordSchema),
  toolTimes: z.array(toolTimeSchema),
  /** Keywords of the schema that the engine did not hold, and those that it held closer. */
  dropped: z.array(keywordSchema).optional(),
  tightened: z.array(keywordSchema).optional(),
});

export type CompletionRecord = Readonly<z.output<typeof completionRecordSchema>>;
export type ToolTime = Readonly<z.output<typeof toolTimeSchema>>;
export type ModelUsage = Readonly<z.output<typeof usageSchema>>;
