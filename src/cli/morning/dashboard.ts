// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { committedConfig, hasIssues, openForge } from '../../night/open/open-forge.ts';
import { dashboardItems } from '../../night/publish/dashboard-items.ts';
import { closedLine } from '../../night/publish/tell-dashboard.ts';
import {
  dashboardData,
  readDashboard,
  writeDashboard,
} from '../../night/publish/write-dashboard.ts';
import { putAside } from '../../night/record/night-folder.ts';
import { nightsIn, type TraceArguments, tracesOf } from '../shared/nights.ts';
import { nightsSince } from '../shared/nights-since.ts';
import { openInBrowser } from '../shared/open-in-browser.ts';
import { locate } from '../shared/state.ts';

type DashboardArguments = TraceArguments & {
  readonly since: string;
  readonly out?: string;
  readonly open?: true;
  readonly issue?: true;
  readonly json?: true;
};

/** `pantheon dashboard`: pages of many nights, or the issue of what waits. */
export const dashboardCommand = async (args: DashboardArguments): Promise<void> => {
  if (args.issue) return writeIssue(args);
  const traces = await tracesOf(args);
  const nights = await chosenNights(traces, args.since);
  if (args.json) {
    const data = dashboardData(await readDashboard({ traces, nights }));
    process.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
    return;
  }
  const out = resolve(args.out ?? join(dirname(traces), 'dashboard'));
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await writeDashboard({ traces, nights, out, say });
  const page = join(out, 'index.html');
  process.stdout.write(`${page}\n`);
  if (args.open) openInBrowser(page);
};

/** Also those of which nothing can be read: they are shown as such, by the date in their name. */
const chosenNights = async (traces: string, since: string): Promise<readonly string[]> => {
  const nights = (await nightsIn(traces)).filter(
    (name) =>
      !name.endsWith(putAside) &&
      ['summary.json', 'night.json'].some((file) => existsSync(join(traces, name, file))),
  );
  const chosen = await nightsSince(traces, nights, since, (name) => name.slice(0, 10));
  if (chosen.length > 0) return chosen;
  throw new UserError(
    nights.length === 0
      ? `no night has been worked yet in ${traces}. Run "pantheon night", or name the folder of nights with --traces`
      : `no night began since ${since}; the last one is ${nights.at(-1)}. Give an earlier --since`,
  );
};

const writeIssue = async (args: DashboardArguments): Promise<void> => {
  const { repository, state } = await locate(args.repo);
  const config = await committedConfig(repository);
  const say = (line: string): void => void process.stderr.write(`${printable(line)}\n`);
  const forge = await openForge({ repository, state, config, say, otherwise: 'github' });
  const options = { protected: config.gate.protected };
  const written = hasIssues(forge)
    ? await forge.dashboard({ items: await dashboardItems(state), options })
    : undefined;
  if (!written) {
    throw new UserError(
      'This repository keeps no dashboard issue. Set "github: { dashboard: true }" and "forge: github" in pantheon.yaml, and commit it.',
    );
  }
  const { issue, state: done, ticks } = written;
  const line = `#${issue}: ${done}, ${countNoun(ticks.length, 'new tick')}`;
  process.stdout.write(args.json ? `${JSON.stringify(written, null, 2)}\n` : `${line}\n`);
  if (done !== 'closed') return;
  say(closedLine(issue));
  process.exitCode = 1;
};
