// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';

/** What `--date` says, or now, as ISO 8601 in UTC to the second. @throws UserError when it is none. */
export const readDate = (text: string | undefined): string => {
  const date = text === undefined ? new Date() : new Date(text);
  // `Date` takes `2026` for the first of January.
  const whole = text === undefined || /^\d{4}-\d{2}-\d{2}(?!\d)/.test(text);
  if (!whole || Number.isNaN(date.getTime())) {
    throw new UserError(`--date: "${text}" is not a date; write one such as 2026-11-21T02:00:00Z`);
  }
  return `${date.toISOString().slice(0, 19)}Z`;
};
