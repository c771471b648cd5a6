// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { summaryIfReadable } from '../../morning/read-summary.ts';
import { publishedNights, type TraceArguments, tracesOf } from './nights.ts';

/** When a night began, as its summary says; nothing where that cannot be read. */
const beginningOf = async (folder: string): Promise<string | undefined> =>
  (await summaryIfReadable(folder))?.startedAt;

/**
 * Those of these nights that began since a moment: `24h`, `7d`, `2w`, a date, or the name of a night.
 * @throws UserError for a text that is none of these.
 */
export const nightsSince = async (
  traces: string,
  nights: readonly string[],
  since: string,
  /** For one that cannot be read, which is left out by default. */
  otherwise: (night: string) => string = () => '',
  option = '--since',
): Promise<readonly string[]> => {
  const named = nights.indexOf(since);
  if (named >= 0) return nights.slice(named);
  const moment = momentOf(since, option);
  const begun = await Promise.all(
    nights.map(async (name) => (await beginningOf(join(traces, name))) ?? otherwise(name)),
  );
  return nights.filter((_, index) => Date.parse(begun[index] ?? '') >= moment);
};

/** Folders of the published nights, oldest first: all of them, or those since a moment. @throws UserError as `nightsSince`. */
export const publishedFolders = async (
  args: TraceArguments & { readonly since?: string },
): Promise<readonly string[]> => {
  const traces = await tracesOf(args);
  const nights = await publishedNights(traces);
  const since = args.since === undefined ? nights : await nightsSince(traces, nights, args.since);
  return since.map((night) => join(traces, night));
};

const units: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `24h`, `7d`, `2w`, or a date. */
const momentOf = (since: string, option: string): number => {
  const [, amount, unit = ''] = /^(\d{1,6})([hdw])$/.exec(since) ?? [];
  if (amount !== undefined) return Date.now() - Number(amount) * (units[unit] ?? 0);
  const date = Date.parse(since);
  if (!Number.isNaN(date)) return date;
  throw new UserError(
    `${option}: "${since}" is not a time. Write 24h, 7d, 2w, a date such as 2026-11-21, or the name of a night`,
  );
};
