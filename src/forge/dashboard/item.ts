// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { findingCodeSchema } from '../../data/findings/table.ts';
import type { ReadOptions } from '../intake/read-issue.ts';
import { type Tick, tickActionSchema } from './ticks.ts';

/** A spec on the dashboard issue, with why it is pending. */
export const dashboardItemSchema = z.strictObject({
  spec: z.string(),
  title: z.string(),
  digest: z.string(),
  issue: z.int().positive().optional(),
  state: z.enum(['to-approve', 'red', 'pending']),
  code: findingCodeSchema.optional(),
  reason: z.string(),
  /** The page of its pull request. */
  url: z.string().optional(),
  actions: z.array(tickActionSchema).readonly(),
  /** The last night that worked this text. */
  after: z.string().nullable(),
});

export type DashboardItem = Readonly<z.output<typeof dashboardItemSchema>>;

/** A box as it was written: the line, and what it asks for. */
export type DashboardBox = {
  readonly line: string;
  readonly action: DashboardItem['actions'][number];
  readonly item: DashboardItem;
};

/** Specs of nights; those of issues that nobody has approved are added, read by `options`. */
export type ListedSpecs = {
  readonly items: readonly DashboardItem[];
  readonly options: ReadOptions;
};

/** What was done to it; an issue that a person closed is left alone. `ticks` are new. */
export type WrittenDashboard = {
  readonly state: 'made' | 'edited' | 'unchanged' | 'closed';
  readonly issue: number;
  readonly ticks: readonly Tick[];
};
