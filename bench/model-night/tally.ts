// SPDX-License-Identifier: GPL-3.0-only
import { failureSchema } from '../../src/agent/schema.ts';
import type { BundleFiles } from '../../src/trace/bundle.ts';
import { type CompletionRecord, usageSchema } from '../../src/trace/model-usage.ts';
import { openTraces } from '../../src/trace/open-traces.ts';

/** Faults of an answer's form: a model that is held to a schema makes none of them. */
const offSchema: ReadonlySet<string> = new Set(['schema', 'unknown-tool']);

/** What the bundles of a night say of its model's answers. */
export type Answers = {
  readonly spec: string;
  readonly answers: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** Answers that ended by themselves and did not follow their schema. */
  readonly schemaErrors: number;
  /** Answers whose arguments only the full schema refused, not what was left of it for the engine. */
  readonly caughtAfterLowering: number;
  /** Answers that were cut at the limit of tokens. */
  readonly cut: number;
  /** Nodes that failed, by agent's node and code. */
  readonly failures: ReadonlyMap<string, number>;
};

/** Reads every bundle of a night, by spec. */
export const tallyAnswers = (folder: string): readonly Answers[] => {
  const traces = openTraces(folder);
  return traces.specs().map((spec) => {
    const completions: CompletionRecord[] = [];
    const failures = new Map<string, number>();
    for (const address of traces.list(spec)) {
      const files: BundleFiles = traces.read(address)?.files ?? {};
      const usage = usageSchema.safeParse(JSON.parse(files['metrics.json'] ?? 'null'));
      if (usage.success) completions.push(...usage.data.completions);
      const error = files['error.json'];
      if (error === undefined) continue;
      const { code } = failureSchema.parse(JSON.parse(error));
      const key = `${address.node} ${code}`;
      failures.set(key, (failures.get(key) ?? 0) + 1);
    }
    const sum = (of: (completion: CompletionRecord) => number): number =>
      completions.reduce((total, completion) => total + of(completion), 0);
    const whole = completions.filter(({ finish }) => finish === 'stop');
    return {
      spec,
      answers: completions.filter(({ finish }) => finish !== 'error').length,
      promptTokens: sum(({ promptTokens }) => promptTokens),
      cachedTokens: sum(({ cachedTokens }) => cachedTokens),
      completionTokens: sum(({ completionTokens }) => completionTokens),
      schemaErrors: whole.filter(({ fault = '' }) => offSchema.has(fault)).length,
      caughtAfterLowering: whole.filter(({ fault }) => fault === 'tool-args').length,
      cut: completions.filter(({ finish }) => finish === 'length').length,
      failures,
    };
  });
};
