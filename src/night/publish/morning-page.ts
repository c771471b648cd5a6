// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type GateConfig, gateSchema } from '../../config/schema.ts';
import { countNoun } from '../../data/count-noun.ts';
import { UserError } from '../../data/user-error.ts';
import { kappaTrend, reviewerPairs } from '../../morning/metrics/kappa-trend.ts';
import type { NodeMetrics } from '../../morning/metrics/node-metrics.ts';
import {
  joinWeeks,
  type SchemaErrorCounts,
  schemaErrorsByWeek,
} from '../../morning/metrics/schema-errors.ts';
import { buildPage } from '../../morning/page/build-page.ts';
import { panelsOf } from '../../morning/panels/panels-of.ts';
import { summaryIfReadable } from '../../morning/read-summary.ts';
import type { Summary } from '../../morning/summary.ts';
import { readLedger } from '../../review/kappa/ledger.ts';
import { openTraces } from '../../trace/open-traces.ts';
import { byNight, readNight } from '../record/night-folder.ts';
import { nightNodes } from '../record/night-nodes.ts';
import { shadowLines } from '../record/shadow-records.ts';

/** The page's file in a night's folder. It follows from what is signed there, so it is not signed itself. */
export const pageName = 'report.html';

/** Trends go back over this many nights. */
const mostNights = 60;

/** The figures of every bundle of a night's folder, and how many could not be read. */
export const readNodes = (
  folder: string,
): { readonly nodes: readonly NodeMetrics[]; readonly unreadable: number } => {
  let unreadable = 0;
  const nodes = [
    ...nightNodes(folder, () => {
      unreadable += 1;
    }),
  ];
  return { nodes, unreadable };
};

/** Writes `report.html` of a night that has its summary; nights and ledger beside it give its trends. */
export const writePage = async (
  file: string,
  folder: string,
  summary: Summary,
  { nodes, unreadable } = readNodes(folder),
): Promise<void> => {
  const traces = dirname(folder);
  const told = [
    ...shadowLines(dirname(traces), summary.night),
    ...(unreadable === 0 ? [] : [`${countNoun(unreadable, 'bundle')} cannot be read.`]),
  ];
  const panels = panelsOf({
    summary,
    nodes,
    trends: await trendsUntil(summary.night, dirname(traces), await gateOf(folder)),
    weeks: joinWeeks([...(await weeksBefore(traces, summary.night)), ...schemaErrorsByWeek(nodes)]),
  });
  const whole = { ...summary, notices: [...summary.notices, ...told] };
  await writeFile(file, await buildPage(whole, openTraces(folder), panels));
};

/** How the pairs of reviewers stood up to a night; what later nights added is not that night's to show. */
export const trendsUntil = async (last: string, state: string, gate: GateConfig) => {
  const ledger = await readLedger(state);
  return reviewerPairs(ledger).map((runtimes) => {
    const { points, ...trend } = kappaTrend(ledger, runtimes, gate, Number.POSITIVE_INFINITY);
    const until = points.filter(({ night }) => byNight(night, last) <= 0);
    return { ...trend, points: until.slice(-mostNights) };
  });
};

/** The gate's lines that night; those of today where it was written by another version. */
export const gateOf = async (folder: string): Promise<GateConfig> => {
  try {
    return (await readNight(folder)).config.gate;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return gateSchema.parse({});
  }
};

/** What the summaries of the nights before say of answers and their schema. */
const weeksBefore = async (
  traces: string,
  night: string,
): Promise<readonly SchemaErrorCounts[]> => {
  const names = (await readdir(traces)).sort(byNight);
  const before = names
    .filter((name) => byNight(name, night) < 0)
    .filter((name) => existsSync(join(traces, name, 'summary.json')))
    .slice(-mostNights);
  const weeks: SchemaErrorCounts[] = [];
  for (const name of before) {
    const summary = await summaryIfReadable(join(traces, name));
    weeks.push(...(summary?.schemaErrors ?? []));
  }
  return weeks;
};
