// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { cronSchema } from '../../src/config/cron.ts';

for (const text of [
  '17 2 * * *',
  '*/15 0-6/2 1,15 JAN-mar MON-FRI',
  '0,30 23 31 12 0,6',
  '59 0 1 1 SUN',
  '5/10 * * * *',
]) {
  test(`GitHub takes ${text}`, (t) => {
    t.is(cronSchema.safeParse(text).error, undefined);
  });
}

for (const [text, why] of [
  ['@daily', /five fields/],
  ['0 2 * *', /five fields/],
  ['0 2 * * * *', /five fields/],
  ['0  2 * * *', /five fields/],
  ['60 2 * * *', /its minute is invalid/],
  ['1-70 2 * * *', /its minute is invalid/],
  ['9-5 2 * * *', /its minute is invalid/],
  ['1-2-3 2 * * *', /its minute is invalid/],
  ['*/0 2 * * *', /its minute is invalid/],
  ['5/ 2 * * *', /its minute is invalid/],
  ['-- 2 * * *', /its minute is invalid/],
  ['1,,2 2 * * *', /its minute is invalid/],
  ['0 24 * * *', /its hour is invalid/],
  ['0 2 0 * *', /its day of the month is invalid/],
  ['0 2 * 13 *', /its month is invalid/],
  ['0 2 * MON *', /its month is invalid/],
  ['0 2 * * 7', /its day of the week is invalid/],
] as const) {
  test(`GitHub does not take ${text}`, (t) => {
    t.regex(cronSchema.safeParse(text).error?.issues[0]?.message ?? 'it was taken', why);
  });
}
