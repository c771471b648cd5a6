// SPDX-License-Identifier: GPL-3.0-only
import { agentName, type NodeMetrics } from './node-metrics.ts';
import { type Estimate, shareOf } from './share-interval.ts';

/** Answers of an agent in a week, and how many of them its schema or its tools' refused. */
export type SchemaErrorCounts = {
  readonly agent: string;
  /** ISO 8601 in UTC: `2026-W48`. */
  readonly week: string;
  readonly answers: number;
  readonly errors: number;
  /** Those that the engine's own constraint had let pass. */
  readonly caughtAfterLowering: number;
};

/** With errors by answers; `null` where nothing was answered. */
export type SchemaErrorWeek = SchemaErrorCounts & { readonly rate: Estimate | null };

/** By agent and then by week, oldest first. Nodes that had no loop, or do not say when they ran, are left out. */
export const schemaErrorsByWeek = (nodes: Iterable<NodeMetrics>): readonly SchemaErrorWeek[] =>
  joinWeeks(countsOf(nodes));

function* countsOf(nodes: Iterable<NodeMetrics>): Generator<SchemaErrorCounts> {
  for (const { agent, times, sums } of nodes) {
    if (times === null || sums === null) continue;
    const { steps: answers, schemaErrors: errors, caughtAfterLowering } = sums;
    const week = isoWeek(times.startedAt);
    yield { agent: agentName(agent), week, answers, errors, caughtAfterLowering };
  }
}

/** Counts of the same agent and week together, as of nights of one week. */
export const joinWeeks = (counts: Iterable<SchemaErrorCounts>): readonly SchemaErrorWeek[] => {
  const weeks = new Map<string, SchemaErrorCounts>();
  for (const { agent, week, answers, errors, caughtAfterLowering } of counts) {
    const before = weeks.get(`${agent} ${week}`);
    weeks.set(`${agent} ${week}`, {
      agent,
      week,
      answers: (before?.answers ?? 0) + answers,
      errors: (before?.errors ?? 0) + errors,
      caughtAfterLowering: (before?.caughtAfterLowering ?? 0) + caughtAfterLowering,
    });
  }
  return [...weeks.values()]
    .map((week) => ({ ...week, rate: shareOf(Math.min(week.errors, week.answers), week.answers) }))
    .sort((a, b) => compare(a.agent, b.agent) || compare(a.week, b.week));
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const day = 86_400_000;

/**
 * The ISO 8601 week of a moment [ms since 1970], in UTC: a week belongs to the year of its Thursday.
 * Source: ISO 8601-1:2019, calendar week
 */
export const isoWeek = (moment: number): string => {
  const start = Math.floor(moment / day) * day;
  const weekday = (new Date(start).getUTCDay() + 6) % 7;
  const thursday = new Date(start + (3 - weekday) * day);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * day));
  return `${year}-W${String(week).padStart(2, '0')}`;
};
