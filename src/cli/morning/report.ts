// SPDX-License-Identifier: GPL-3.0-only
import { join, resolve } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { readSummary } from '../../morning/read-summary.ts';
import { pageName, writePage } from '../../night/publish/morning-page.ts';
import { openNight, publishedNights, type TraceArguments, tracesOf } from '../shared/nights.ts';
import { nightsSince } from '../shared/nights-since.ts';
import { openInBrowser } from '../shared/open-in-browser.ts';

type ReportOptions = TraceArguments & {
  readonly since?: string;
  readonly out?: string;
  readonly open?: true;
  readonly json?: true;
};

/** `pantheon report`: writes the page of a night, by default of the last one, and says where it is. */
export const reportCommand = async (
  night: string | undefined,
  options: ReportOptions,
): Promise<void> => {
  const folders = await foldersOf(night, options);
  if (options.json) {
    const summaries = await Promise.all(folders.map(readSummary));
    const one = options.since === undefined ? summaries[0] : summaries;
    process.stdout.write(`${JSON.stringify(one, null, 2)}\n`);
    return;
  }
  if (options.out !== undefined && folders.length > 1) {
    throw new UserError('--out names one file, and these are several nights. Name one of them');
  }
  let page = '';
  for (const folder of folders) {
    page = options.out === undefined ? join(folder, pageName) : resolve(options.out);
    await writePage(page, folder, await readSummary(folder));
    process.stdout.write(`${page}\n`);
  }
  if (options.open) openInBrowser(page);
};

/** The night that is named, those since a moment, or the last one. */
const foldersOf = async (
  night: string | undefined,
  options: ReportOptions,
): Promise<readonly string[]> => {
  if (night !== undefined) return [await openNight(night, options)];
  const traces = await tracesOf(options);
  const nights = await publishedNights(traces);
  const since = options.since;
  const chosen = since === undefined ? nights.slice(-1) : await nightsSince(traces, nights, since);
  if (chosen.length > 0) return chosen.map((name) => join(traces, name));
  const last = nights.at(-1);
  throw new UserError(
    last === undefined
      ? `no night has ended yet in ${traces}. Run "pantheon night", or name the folder of nights with --traces`
      : `no night began since ${since}; the last one is ${last}. Name it, or give an earlier --since`,
  );
};
