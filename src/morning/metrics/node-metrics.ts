// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { reviewSchema, type Verdict } from '../../review/schema.ts';
import type { Bundle, BundleAddress } from '../../trace/bundle.ts';
import { type CompletionRecord, usageSchema } from '../../trace/model-usage.ts';

const amount = z.number().nonnegative();

/** The end of the year 9999 [ms since 1970]; beyond it a date has no ISO week. */
const lastMoment = 253_402_300_799_999;

const timesSchema = z.object({ startedAt: amount.max(lastMoment), ms: amount });

/** The sums of a loop, which code agents have none of. */
const sumsSchema = z.object({
  steps: amount,
  badSteps: amount,
  schemaErrors: amount,
  caughtAfterLowering: amount,
  toolCalls: amount,
  denials: amount,
  promptTokens: amount,
  cachedTokens: amount,
  completionTokens: amount,
  engineMs: amount,
});

const modelSchema = usageSchema.pick({ runtime: true, completions: true });
const errorSchema = z.object({ code: z.string(), message: z.string() });

/** What the figures of a morning need of one bundle. What it does not tell is `null`, never 0. */
export type NodeMetrics = {
  readonly night: string;
  readonly address: BundleAddress;
  /** `name@version` */
  readonly agent: string;
  /** Times in ms, `startedAt` since 1970. */
  readonly times: z.output<typeof timesSchema> | null;
  readonly sums: z.output<typeof sumsSchema> | null;
  /** Engine and model, where a model was asked: `vllm Qwen/Qwen3-8B`. */
  readonly engine: string | null;
  readonly completions: readonly CompletionRecord[];
  readonly failure: z.output<typeof errorSchema> | null;
  readonly verdict: Verdict | null;
  /** Whether it made a patch. */
  readonly patched: boolean;
  /** Whether the patch is one that an exam hid among the units. */
  readonly hidden: boolean;
  /** Files of it that are not what this version writes. */
  readonly unread: readonly string[];
};

/** Reads a bundle that was verified; what cannot be understood in it is named and left out. */
export const nodeMetricsOf = ({ address, facts, files }: Bundle): NodeMetrics => {
  const unread: string[] = [];
  const read = <S extends z.ZodType>(
    name: 'metrics.json' | 'error.json' | 'review.json',
    schema: S,
  ): z.output<S> | null => {
    const text = files[name];
    if (text === undefined) return null;
    const parsed = schema.safeParse(parseJson(text));
    if (!parsed.success && !unread.includes(name)) unread.push(name);
    return parsed.success ? parsed.data : null;
  };
  const raw = read('metrics.json', z.record(z.string(), z.unknown())) ?? {};
  const model = 'completions' in raw ? read('metrics.json', modelSchema) : null;
  const { engine, model: name } = model?.runtime ?? {};
  return {
    night: facts.night,
    address,
    agent: facts.agent,
    times: files['metrics.json'] === undefined ? null : read('metrics.json', timesSchema),
    sums: 'schemaErrors' in raw ? read('metrics.json', sumsSchema) : null,
    engine: engine === undefined ? null : [engine, name].filter(Boolean).join(' '),
    completions: model?.completions ?? [],
    failure: read('error.json', errorSchema),
    verdict: read('review.json', reviewSchema)?.verdict ?? null,
    patched: files['diff.patch'] !== undefined,
    hidden: files['exam.json'] !== undefined,
    unread,
  };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** `name` of `name@version`. */
export const agentName = (agent: string): string => agent.replace(/@[^@]*$/, '');
