// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';

type CronField = {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
};

/** The five fields in their order; days of the week from Sunday on. */
const fields: readonly CronField[] = [
  { what: 'minute', from: 0, to: 59 },
  { what: 'hour', from: 0, to: 23 },
  { what: 'day of the month', from: 1, to: 31 },
  {
    what: 'month',
    from: 1,
    to: 12,
    names: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' '),
  },
  { what: 'day of the week', from: 0, to: 6, names: 'SUN MON TUE WED THU FRI SAT'.split(' ') },
];

/**
 * When a workflow begins, as GitHub takes it: a schedule that it does not know makes it leave out
 * the whole workflow, and no night ever begins. docs.github.com, "Events that trigger workflows",
 * schedule: `*`, values, names of months and days, `a-b`, lists and steps (`*` or a range, `/n`).
 */
export const cronSchema = z
  .string()
  .regex(/^[\d*/,A-Za-z-]+(?: [\d*/,A-Za-z-]+){4}$/, 'write five fields, such as "17 2 * * *"')
  .superRefine((text, context) => {
    const parts = text.split(' ');
    const wrong = fields.find((field, at) => !isField(parts[at] ?? '', field));
    if (parts.length !== fields.length || !wrong) return;
    const { what, from, to } = wrong;
    const message = `its ${what} is invalid: write ${from} to ${to}, "*", a list, a range or a step, such as "17 2 * * *"`;
    context.addIssue({ code: 'custom', message });
  });

const isField = (text: string, field: CronField): boolean =>
  text.length <= 100 && text.split(',').every((item) => isItem(item, field));

const isItem = (text: string, field: CronField): boolean => {
  const [, range = '', step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.to)) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((part) => numberOf(part, field));
  const [low = Number.NaN] = ends;
  return ends.length <= 2 && low <= (ends.at(-1) ?? Number.NaN);
};

const numberOf = (text: string, { from, to, names = [] }: CronField): number | undefined => {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? from + named : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
};
