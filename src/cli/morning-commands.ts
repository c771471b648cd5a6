// SPDX-License-Identifier: GPL-3.0-only
import type { Command } from 'commander';
import { repoOption } from './shared/repo-option.ts';

/** Adds the command that sizes a night. */
export const addSize = (program: Command): void => {
  program
    .command('size')
    .description('work out how many units, slots or hours a night needs')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option('--arrivals <number>', 'units that come in a night (default: measured)')
    .option('--service <duration>', 'time a slot takes for one, such as 90s (default: measured)')
    .option('--slots <number>', 'requests at once (default: those of the last night)')
    .option('--hours <number>', "the night's length", '8')
    .option('--of <kind>', 'the work that is counted: units or specs', 'units')
    .option('--nights <number>', 'how many of the last nights are measured', '7')
    .option('--wait <share>', 'also: slots with which at most this share waits, such as 0.1')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Takes the night for a queue before equal slots, M/M/c: utilisation rho = lambda / (c mu), to be kept at or
below 0.8, and Erlang C for the waits. Every formula is printed with its numbers. Measured are the bundles
of the last nights: time with an engine where models were asked, whole nodes where rules answered, waits
left out.

Examples:
  pantheon size                                    as the last nights went
  pantheon size --arrivals 400                     twice the work, served as measured
  pantheon size --arrivals 200 --service 90s --slots 4
  pantheon size --of specs --hours 6 --wait 0.1 --json

Exit codes: 0 sized, whether it fits or not; 2 a mistake to fix.`,
    )
    .action(async (options) => (await import('./morning/size.ts')).sizeCommand(options));
};

/** `pantheon report`. */
export const addReport = (program: Command): void => {
  program
    .command('report [night]')
    .description('write the page of a night, by default of the last one')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option('--since <time>', 'every night since then: 24h, 7d, a date, or the name of a night')
    .option('--out <file>', 'where to write it (default: report.html beside summary.json)')
    .option('--open', 'open it in the browser')
    .option('--json', 'print the summary as JSON and write nothing')
    .addHelpText(
      'after',
      `
The page is one file that needs no server and no network: pull requests, red bins by cause, reviewers,
engines, and each step with its prompt, calls, patch and log.

Examples:
  pantheon report --open               this morning's
  pantheon report 2026-11-21           of a night
  pantheon report --since 7d           of every night of a week
  pantheon report --json | jq .counts`,
    )
    .action(async (night, options) =>
      (await import('./morning/report.ts')).reportCommand(night, options),
    );
};

/** `pantheon dashboard`. */
export const addDashboard = (program: Command): void => {
  program
    .command('dashboard')
    .description('write pages of many nights, or the issue that lists what waits')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option('--since <time>', 'nights since then: 24h, 30d, a date, or the name of a night', '30d')
    .option('--out <dir>', 'where to write them (default: dashboard in the state folder)')
    .option('--open', 'open them in the browser')
    .option('--issue', 'on GitHub: write the dashboard issue instead, and read what was ticked')
    .option('--json', 'print dashboard.json and write no page; with --issue what was done')
    .addHelpText(
      'after',
      `
Writes index.html with a row for each night and its trends, the page of each night, and dashboard.json:
static files, which need no server and no network and can be published as they are.

The issue is the one that each night keeps where github.dashboard is true in pantheon.yaml. The token is in
PANTHEON_GITHUB_TOKEN or GITHUB_TOKEN.

Examples:
  pantheon dashboard --open                    the last 30 days
  pantheon dashboard --since 7d --out public   for a web server
  pantheon dashboard --json | jq '.nights[].red'
  pantheon dashboard --issue

Exit codes: 0 written, also where some nights cannot be read; 1 the issue is closed; 2 a mistake to fix.`,
    )
    .action(async (options) => (await import('./morning/dashboard.ts')).dashboardCommand(options));
};

/** Adds the command that compares two nights. */
export const addCompare = (program: Command): void => {
  program
    .command('compare <night> <later>')
    .description('show what is different in the later of two nights')
    .option(...repoOption)
    .option('--traces <dir>', 'the folder of the nights (default: in the state folder)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Specs that ended otherwise, red units by code, agents that came and went, and the time.

Example:
  pantheon compare 2026-11-20 2026-11-21`,
    )
    .action(async (night, later, options) =>
      (await import('./morning/compare.ts')).compareCommand(night, later, options),
    );
};
