// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { readDecisions } from '../../forge/decisions.ts';
import { type DashboardFacts, indexPage } from '../../morning/dashboard/index-page.ts';
import { type NightFault, type NightRow, nightRowOf } from '../../morning/dashboard/night-row.ts';
import { readSummary } from '../../morning/read-summary.ts';
import { stateAt } from '../record/state-folder.ts';
import { gateOf, readNodes, trendsUntil, writePage } from './morning-page.ts';

type DashboardOptions = {
  /** The folder of the nights; decisions and ledger lie beside it. */
  readonly traces: string;
  /** Names of the nights, oldest first. */
  readonly nights: readonly string[];
  /** Where each night's own page goes, and what is said meanwhile; without it no page is written. */
  readonly pages?: { readonly out: string; readonly say: (line: string) => void };
};

/** What is said of many nights; one that cannot be read costs no other. */
export const readDashboard = async ({
  traces,
  nights,
  pages,
}: DashboardOptions): Promise<DashboardFacts> => {
  const state = stateAt(dirname(traces));
  const decisions = await readDecisions(state.decisions);
  const rows: (NightRow | NightFault)[] = [];
  for (const [at, night] of nights.entries()) {
    pages?.say(`${night} (${at + 1} of ${nights.length})`);
    const folder = join(traces, night);
    try {
      const summary = await readSummary(folder);
      const read = readNodes(folder);
      const row = nightRowOf({ summary, nodes: read.nodes, decisions });
      if (pages) await writePage(join(pages.out, 'nights', `${night}.html`), folder, summary, read);
      rows.push({ ...row, night, page: `nights/${night}.html` });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      rows.push({ night, fault: error.message });
    }
  }
  const last = rows.findLast((row) => 'page' in row);
  const trends = last
    ? await trendsUntil(last.night, state.root, await gateOf(join(traces, last.night)))
    : [];
  return { nights: rows, trends: trends.map((trend) => among(trend, nights)).filter(hasPoints) };
};

type Trend = DashboardFacts['trends'][number];

const among = ({ points, ...trend }: Trend, nights: readonly string[]): Trend => ({
  ...trend,
  points: points.filter(({ night }) => nights.includes(night)),
});

const hasPoints = ({ points }: Trend): boolean => points.length > 1;

/** `dashboard.json`. */
export const dashboardData = ({ nights, trends }: DashboardFacts) => ({
  version: 1,
  unreadable: nights.filter((night) => 'fault' in night).length,
  nights,
  kappa: trends.map(({ runtimes, points }) => ({ runtimes, points })),
});

/**
 * Writes `index.html`, `dashboard.json` and `nights/NIGHT.html` into a folder; the same nights give the same
 * bytes. @throws UserError for a folder that has other things in it.
 */
export const writeDashboard = async (
  options: Omit<DashboardOptions, 'pages'> & Required<DashboardOptions>['pages'],
): Promise<DashboardFacts> => {
  const { traces, nights, out, say } = options;
  const data = join(out, 'dashboard.json');
  const names = await readdir(out).catch((): string[] => []);
  if (names.length > 0 && !existsSync(data)) {
    throw new UserError('has other things in it. Name an empty or a new folder with --out', {
      place: { file: out },
    });
  }
  await mkdir(join(out, 'nights'), { recursive: true });
  const facts = await readDashboard({ traces, nights, pages: { out, say } });
  await writeFile(data, `${JSON.stringify(dashboardData(facts), null, 2)}\n`);
  await writeFile(join(out, 'index.html'), await indexPage(facts));
  return facts;
};
