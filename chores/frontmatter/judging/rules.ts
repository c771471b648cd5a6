// SPDX-License-Identifier: GPL-3.0-only
import { Declined } from '../../../src/chore/script.ts';
import type { Json } from '../../../src/data/digest.ts';
import type { Rules } from './asked.ts';
import { isSameKey, sameValue } from './front.ts';
import { tagsOfBody } from './headings.ts';

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const tableOf = (value: unknown): Rules =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Rules) : {};

/** A rule written short (`slug: title`) or long (`slug: {key, from}`). */
const sourced = (rules: Rules, name: 'status' | 'date' | 'slug') => {
  const rule = rules[name];
  if (rule === undefined) return undefined;
  const { key = name, from = rule } = tableOf(rule);
  return { key: String(key), from };
};

const ruleNames: ReadonlySet<string> = new Set(
  'required types enums defaults order status date slug'.split(' '),
);

/** Keys that the rules speak of. @throws Declined on a rule that is not known */
export const ruledKeys = (rules: Rules): readonly string[] => {
  const strange = Object.keys(rules).find((name) => !ruleNames.has(name));
  if (strange !== undefined) throw new Declined(`the rule "${strange}" is not known`);
  return [
    ...listOf(rules.required).map(String),
    ...[rules.types, rules.enums, rules.defaults].flatMap((table) => Object.keys(tableOf(table))),
    ...(['status', 'date', 'slug'] as const).flatMap((name) => sourced(rules, name)?.key ?? []),
  ];
};

const inTable = (table: unknown, key: string): unknown =>
  Object.entries(tableOf(table)).find(([name]) => isSameKey(name, key))?.[1];

export const isRequired = (rules: Rules, key: string): boolean =>
  listOf(rules.required).some((name) => isSameKey(String(name), key));

/** The shape that the rules want of a key. */
export const shapeOf = (rules: Rules, key: string): string | undefined => {
  const shape = inTable(rules.types, key);
  return shape === undefined ? undefined : String(shape);
};

/** Whether a value, or each of a list, is among those that the rules let a key have. */
export const isAllowed = (rules: Rules, key: string, value: unknown): boolean => {
  const values = inTable(rules.enums, key);
  return values === undefined || isOneOf(value, listOf(values));
};

export const isOneOf = (value: unknown, values: readonly unknown[]): boolean =>
  [value].flat().every((item) => values.some((one) => sameValue(one, item)));

type Facts = {
  readonly body: string;
  readonly day: string | undefined;
  readonly slug: (from: unknown) => string;
};

/** The value that the rules give a key without one; `undefined` where they give none. @throws Declined */
export const valueByRules = (rules: Rules, key: string, facts: Facts): Json | undefined => {
  const [date, status, slug] = (['date', 'status', 'slug'] as const).map((name) => {
    const rule = sourced(rules, name);
    return rule && isSameKey(rule.key, key) ? rule : undefined;
  });
  if (date && facts.day === undefined)
    throw new Declined('the date of its first commit is not known');
  return (
    (date && facts.day) ??
    (status && statusIn(facts.body, status.from)) ??
    (slug && facts.slug(slug.from)) ??
    (inTable(rules.defaults, key) as Json | undefined)
  );
};

/** Whether a rule takes a key from hashtags. */
export const isStatus = (rules: Rules, key: string): boolean =>
  isSameKey(sourced(rules, 'status')?.key ?? '', key);

/** Whether the rules say what a key is that has no value. */
export const hasDefault = (rules: Rules, key: string): boolean =>
  inTable(rules.defaults, key) !== undefined;

/** Whether a date in the key's value is meant as one, not as a name. */
export const givesDates = (rules: Rules, key: string): boolean =>
  isSameKey(sourced(rules, 'date')?.key ?? '', key) || hasDefault(rules, key);

const statusIn = (body: string, from: unknown): Json | undefined => {
  const table = Array.isArray(from)
    ? Object.fromEntries(from.map((tag) => [tag, tag]))
    : tableOf(from);
  const found = tagsOfBody(body).flatMap((tag) => (Object.hasOwn(table, tag) ? [table[tag]] : []));
  if (new Set(found).size > 1) throw new Declined('its hashtags name several statuses');
  return found[0] as Json | undefined;
};
