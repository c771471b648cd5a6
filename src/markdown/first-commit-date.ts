// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../data/digest.ts';

/**
 * The `YYYY-MM-DD` of the commit that added a file, from a node's `with.firstCommitDates` (dates by
 * path); `undefined` where it is not given.
 */
export const firstCommitDateOf = (
  settings: Readonly<Record<string, Json>> | undefined,
  path: string,
): string | undefined => {
  const dates = settings?.firstCommitDates;
  if (dates === null || typeof dates !== 'object' || Array.isArray(dates)) return undefined;
  const date = Object.hasOwn(dates, path) ? (dates as Record<string, Json>)[path] : undefined;
  return typeof date === 'string' && /^\d{4}-\d\d-\d\d$/.test(date) ? date : undefined;
};
