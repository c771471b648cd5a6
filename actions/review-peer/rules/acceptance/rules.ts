// SPDX-License-Identifier: GPL-3.0-only
import { type Front, fieldOf, hasField, isSameKey, sameValue } from './front.ts';
import { hashtagsOf, lettersOf, topHeading } from './headings.ts';
import { hasShape } from './key-rules.ts';
import { stemOf, wordsOfName } from './title-and-tags.ts';

type Rules = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];
const tableOf = (value: unknown): Rules =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Rules) : {};

/** A rule written short (`slug: title`) or long (`slug: {key, from}`). */
const sourced = (value: unknown, key: string): { key: string; from: unknown } | undefined =>
  value === undefined
    ? undefined
    : typeof value === 'string' || Array.isArray(value)
      ? { key, from: value }
      : { key: String(tableOf(value).key ?? key), from: tableOf(value).from };

/** Keys that a spec's rules let change, beside `title` and `tags`. */
export const ruledKeys = (rules: Rules): readonly string[] => {
  const named = [
    ...listOf(rules.required),
    ...Object.keys(tableOf(rules.defaults)),
    ...(['status', 'date', 'slug'] as const).flatMap(
      (name) => sourced(rules[name], name)?.key ?? [],
    ),
  ];
  return [...new Set(named)].filter((key) => !/^(?:title|tags)$/i.test(key));
};

/** The order of keys the rules set, if they do. */
export const ruledOrder = (rules: Rules): readonly string[] | undefined => {
  const order = listOf(rules.order);
  return order.length > 0 ? order : undefined;
};

const ruleNames = new Set([
  'required',
  'types',
  'enums',
  'defaults',
  'order',
  'status',
  'date',
  'slug',
  'header',
]);

const isFilled = (value: unknown): boolean =>
  value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '');

/** What a note's new frontmatter does against the spec's rules. */
export const judgeRules = (
  rules: Rules,
  path: string,
  old: Front,
  now: Front,
): readonly string[] => [
  ...Object.keys(rules)
    .filter((name) => !ruleNames.has(name))
    .map((name) => `the rule "${name}" is not known`),
  ...ruledKeys(rules).flatMap((key) => judgeOrigin(rules, key, path, old, now)),
  ...listOf(rules.required)
    .filter((key) => !isFilled(fieldOf(now, key)) || hasNoTags(key, now))
    .map((key) => `the key "${key}" is missing`),
  ...Object.entries(tableOf(rules.types))
    .filter(
      ([key, shape]) => isFilled(fieldOf(now, key)) && !hasShape(fieldOf(now, key), String(shape)),
    )
    .map(([key, shape]) => `the key "${key}" is not a ${shape}`),
  ...Object.entries(tableOf(rules.enums))
    .filter(([key, values]) => isFilled(fieldOf(now, key)) && !isOneOf(fieldOf(now, key), values))
    .map(([key]) => `the key "${key}" has a value that is not in its list`),
];

const hasNoTags = (key: string, now: Front): boolean =>
  isSameKey(key, 'tags') && sameValue(fieldOf(now, key), []);

const isOneOf = (value: unknown, values: unknown): boolean =>
  [value]
    .flat()
    .every((item) => Array.isArray(values) && values.some((one) => sameValue(one, item)));

/** A value that stood stays; a new one must come from somewhere the rules name. */
const judgeOrigin = (
  rules: Rules,
  key: string,
  path: string,
  old: Front,
  now: Front,
): readonly string[] => {
  const [was, is] = [fieldOf(old, key), fieldOf(now, key)];
  if (isFilled(was))
    return sameValue(was, is) ? [] : [`the value that the key "${key}" had is changed`];
  if (!isFilled(is)) {
    return hasField(now, key) === hasField(old, key) ? [] : [`the key "${key}" is empty`];
  }
  const origins = [
    key in tableOf(rules.defaults) && sameValue(tableOf(rules.defaults)[key], is),
    isStatus(sourced(rules.status, 'status'), key, is, old),
    sourced(rules.date, 'date')?.key === key && hasShape(is, 'date'),
    isSlug(sourced(rules.slug, 'slug'), key, is, path, old, now),
  ];
  return origins.includes(true) ? [] : [`the key "${key}" has a value that no rule gives`];
};

type Sourced = ReturnType<typeof sourced>;

const isStatus = (rule: Sourced, key: string, value: unknown, old: Front): boolean => {
  if (rule?.key !== key) return false;
  const { possible } = hashtagsOf(old.body);
  const pairs = Array.isArray(rule.from)
    ? rule.from.map((tag) => [String(tag), tag] as const)
    : Object.entries(tableOf(rule.from));
  return pairs.some(([tag, status]) => possible.has(tag.toLowerCase()) && sameValue(status, value));
};

const isSlug = (
  rule: Sourced,
  key: string,
  value: unknown,
  path: string,
  old: Front,
  now: Front,
): boolean => {
  if (rule?.key !== key || !hasShape(value, 'slug')) return false;
  const top = topHeading(old.body);
  const plain = (text: string): string =>
    lettersOf(
      text
        .normalize('NFKD')
        .replace(/(?<=\p{Script=Latin}\p{M}*)\p{M}/gu, '')
        .normalize('NFC'),
    ).toLowerCase();
  const named = fieldOf(now, 'title') ?? (top?.level === 1 ? undefined : wordsOfName(path));
  const sources =
    rule.from !== 'title' ? [stemOf(path)] : named === undefined ? top?.readings : [String(named)];
  return sources?.some((source) => plain(String(value)) === plain(source)) ?? false;
};
