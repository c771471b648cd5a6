// SPDX-License-Identifier: GPL-3.0-only

/** What is counted of a run, before anything was. */
export const noMetrics = {
  steps: 0,
  badSteps: 0,
  /** Answers off the schema. */
  schemaErrors: 0,
  /** Answers that the full schema refused although the engine held them, with keywords dropped. */
  caughtAfterLowering: 0,
  toolCalls: 0,
  denials: 0,
  promptTokens: 0,
  cachedTokens: 0,
  completionTokens: 0,
  engineMs: 0,
};

export type MetricName = keyof typeof noMetrics;
