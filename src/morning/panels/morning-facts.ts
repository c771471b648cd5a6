// SPDX-License-Identifier: GPL-3.0-only
import type { KappaTrend } from '../metrics/kappa-trend.ts';
import type { NodeMetrics } from '../metrics/node-metrics.ts';
import type { SchemaErrorWeek } from '../metrics/schema-errors.ts';
import type { Summary } from '../summary.ts';

/** What the page's figures are worked out from. */
export type MorningFacts = {
  readonly summary: Summary;
  /** Of every bundle of the night that can be read. */
  readonly nodes: readonly NodeMetrics[];
  /** Of each pair of reviewers, over the nights so far. */
  readonly trends: readonly KappaTrend[];
  /** Of the nights so far and this one. */
  readonly weeks: readonly SchemaErrorWeek[];
};
