// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../data/digest.ts';

/** `YYYY-MM-DD` of the commit that added a file and of the last that changed it; absent where not known. */
export type CommitDays = {
  readonly first?: string | undefined;
  readonly last?: string | undefined;
};

/** What a node's `with.firstCommitDates` and `with.lastCommitDates` (dates by path) say of a file. */
export const commitDaysOf = (
  settings: Readonly<Record<string, Json>> | undefined,
  path: string,
): CommitDays => ({
  first: dayIn(settings?.firstCommitDates, path),
  last: dayIn(settings?.lastCommitDates, path),
});

const dayIn = (dates: Json | undefined, path: string): string | undefined => {
  if (dates === undefined || dates === null || typeof dates !== 'object' || Array.isArray(dates))
    return undefined;
  const date = Object.hasOwn(dates, path) ? (dates as Record<string, Json>)[path] : undefined;
  return typeof date === 'string' && /^\d{4}-\d\d-\d\d$/.test(date) ? date : undefined;
};
