// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';

const keySchema = z.string().min(1).max(100);
const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);

/** What a value may look like; `date` is `YYYY-MM-DD`, with or without a time after it. */
export const shapeSchema = z.enum([
  'text',
  'number',
  'boolean',
  'date',
  'slug',
  'list',
  'sorted-list',
  'map',
]);

/** `spec.rules` for `doc.frontmatter`: what normalised means beyond `title` and `tags`. */
export const docRulesSchema = z.strictObject({
  required: z.array(keySchema).max(100).default([]).describe('Keys that must have a value'),
  types: z.record(keySchema, shapeSchema).default({}),
  enums: z.record(keySchema, z.array(scalarSchema).min(1)).default({}),
  defaults: z.record(keySchema, z.json()).default({}).describe('Set where a key has no value'),
  order: z.array(keySchema).max(100).default([]).describe('These keys first, in this order'),
  status: z
    .union([
      z
        .array(z.string().min(1))
        .min(1)
        .transform((from) => ({ key: 'status', from })),
      z.strictObject({
        key: keySchema.default('status'),
        from: z.union([z.array(z.string().min(1)).min(1), z.record(z.string(), z.string())]),
      }),
    ])
    .optional()
    .describe('Taken from these hashtags, or from hashtags by a table to statuses'),
  date: z
    .union([
      z.literal('first-commit').transform((from) => ({ key: 'date', from })),
      z.strictObject({ key: keySchema.default('date'), from: z.literal('first-commit') }),
    ])
    .optional()
    .describe("ISO date of the file's first commit"),
  slug: z
    .union([
      z.enum(['title', 'file-name']).transform((from) => ({ key: 'slug', from })),
      z.strictObject({ key: keySchema.default('slug'), from: z.enum(['title', 'file-name']) }),
    ])
    .optional(),
});

export type ValueShape = z.output<typeof shapeSchema>;
export type DocRules = Readonly<z.output<typeof docRulesSchema>>;

/**
 * A title as a slug: letters, their marks and digits of any script in lower case, `-` between. Latin
 * letters lose their marks; in other scripts a mark makes another letter.
 */
export const slugOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/(?<=\p{Script=Latin}\p{M}*)\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/['\u2019]/g, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/** Whether a key counts as not filled in. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

const isDate = (value: unknown): boolean => {
  const day =
    typeof value === 'string'
      ? /^(\d{4}-\d\d-\d\d)(?:[T ][\d:.]+ ?(?:Z|[+-]\d\d:?\d\d)?)?$/.exec(value)?.[1]
      : undefined;
  if (day === undefined) return false;
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
};

/** Whether a text is a date that YAML can have without quotes. */
export const isPlainDate = (text: string): boolean => isDate(text) && !/:(?:\s|$)/.test(text);

const isSorted = (value: readonly unknown[]): boolean =>
  value.every((item, index) => index === 0 || String(value[index - 1]) < String(item));

const shapes: Readonly<Record<ValueShape, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  date: isDate,
  slug: (value) => typeof value === 'string' && value !== '' && slugOf(value) === value,
  list: Array.isArray,
  'sorted-list': (value) => Array.isArray(value) && isSorted(value),
  map: (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
};

/** Whether a parsed value has the shape asked for. */
export const hasShape = (value: unknown, shape: ValueShape): boolean => shapes[shape](value);
