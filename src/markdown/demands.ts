// SPDX-License-Identifier: GPL-3.0-only

import { readIntents } from '../chore/intent.ts';
import type { Intent, KeyRule } from '../chore/intent-kinds.ts';
import type { Json } from '../data/digest.ts';
import { compileScope } from '../spec/scope.ts';
import type { Refused } from './decode-markdown.ts';
import { type DocRules, docRulesSchema, type ValueShape } from './rules.ts';

/** What a key's value is taken from. */
export type ValueSource = 'heading' | 'file-name' | 'hashtags' | 'first-commit';

/** All that a spec asks of one document's frontmatter, from its sentences and its rules. */
export type Demands = {
  /** Whether anything is asked of this file at all. */
  readonly any: boolean;
  readonly title: boolean;
  readonly tags: boolean;
  /** Whether an empty list of tags will not do. */
  readonly tagged: boolean;
  readonly required: readonly string[];
  readonly removed: readonly string[];
  /** Not to be touched, whatever normalised means otherwise. */
  readonly kept: readonly string[];
  readonly fixed: Readonly<Record<string, string | number | boolean>>;
  readonly types: readonly (readonly [key: string, shape: ValueShape])[];
  readonly enums: readonly (readonly [key: string, values: readonly Json[]])[];
  readonly defaults: Readonly<Record<string, Json>>;
  readonly order: readonly string[];
  /** Keys whose value is that of the source, whatever they had. */
  readonly taken: readonly (readonly [key: string, from: ValueSource])[];
  /** Keys that take the source's value where they have none. */
  readonly filled: readonly (readonly [key: string, from: ValueSource])[];
  /** Keys for which a value that looks like a date is one. */
  readonly dates: readonly string[];
  readonly status:
    | { readonly key: string; readonly from: Readonly<Record<string, string>> }
    | undefined;
  readonly slugs: readonly (readonly [key: string, from: 'title' | 'file-name'])[];
};

const bounds: ReadonlySet<Intent['kind']> = new Set(['unchanged', 'checks-pass', 'links-resolve']);

/**
 * Reads what is asked of the document at `path`. Rules that are not known, a sentence that is not
 * understood, and work that is not frontmatter's are refused, never passed over.
 */
export const demandsOf = (
  acceptance: readonly string[],
  rules: Readonly<Record<string, Json>>,
  path: string,
): Demands | Refused => {
  const parsed = docRulesSchema.safeParse(rules);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return {
      refused: `rules.${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'is invalid'}`,
    };
  }
  const intents: Intent[] = [];
  for (const sentence of acceptance) {
    const read = readIntents(sentence);
    if (!read) return { refused: `the acceptance "${sentence}" cannot be checked by this chore` };
    intents.push(...read);
  }
  const other = intents.find((intent) => !bounds.has(intent.kind) && !isDocs(intent));
  if (other)
    return { refused: `the acceptance asks for ${other.kind}, which is not a frontmatter chore` };
  const covers = (files: readonly string[]) => files.length === 0 || compileScope(files)(path);
  const asked = intents.filter((intent) => !('files' in intent) || covers(intent.files));
  if (intents.some((intent) => intent.kind === 'only-files' && !covers(intent.files))) {
    return { refused: `the acceptance lets only other files change than ${path}` };
  }
  const chores = intents.some((intent) => isDocs(intent) && intent.kind !== 'only-files');
  const hasRules = Object.keys(rules).length > 0;
  if (!chores && !hasRules) return { refused: 'no acceptance sentence asks for frontmatter' };
  return compile(asked, parsed.data, hasRules);
};

const isDocs = ({ kind }: Intent): boolean =>
  ['frontmatter', 'frontmatter-keys', 'key-order', 'only-files'].includes(kind);

const compile = (
  asked: readonly Intent[],
  rules: DocRules,
  hasRules: boolean,
): Demands | Refused => {
  const whole = hasRules || asked.some(({ kind }) => kind === 'frontmatter');
  const pairs = asked.flatMap((intent) =>
    intent.kind === 'frontmatter-keys' ? intent.keys.map((key) => [key, intent.rule] as const) : [],
  );
  const withRule = <K extends KeyRule['is']>(is: K) =>
    pairs.flatMap(([key, rule]) =>
      rule.is === is ? [[key, rule as Extract<KeyRule, { is: K }>] as const] : [],
    );
  const named = new Set(
    pairs.filter(([, { is }]) => is !== 'absent' && is !== 'kept').map(([key]) => key),
  );
  const removed = withRule('absent').map(([key]) => key);
  const clash = removed.find(
    (key) => named.has(key) || (whole && (key === 'title' || key === 'tags')),
  );
  if (clash !== undefined) return { refused: `the acceptance asks to set and to remove ${clash}` };
  const kept = withRule('kept').map(([key]) => key);
  const torn = kept.find((key) => removed.includes(key));
  if (torn !== undefined) return { refused: `the acceptance asks to keep and to remove ${torn}` };
  const isWhole = (key: string): boolean => whole && !kept.includes(key);
  const { status } = rules;
  const from =
    status &&
    (Array.isArray(status.from)
      ? Object.fromEntries(status.from.map((tag) => [tag, tag]))
      : status.from);
  const taken = withRule('taken').map(([key, rule]) => [key, rule.from] as const);
  const guess = taken.find(
    ([key, source]) => source === 'hashtags' && key !== 'tags' && !(status && status.key === key),
  );
  if (guess) return { refused: `${guess[0]} from hashtags needs rules.status to say which` };
  const filled = rules.date ? [[rules.date.key, rules.date.from] as const] : [];
  const types = [
    ...Object.entries(rules.types),
    ...withRule('shaped').map(([key, rule]) => [key, rule.shape] as const),
  ];
  const isText = (key: string): boolean =>
    key === 'title' || types.some(([name, shape]) => name === key && shape === 'text');
  const dates = [
    ...[...taken, ...filled].filter(([, source]) => source === 'first-commit').map(([key]) => key),
    ...withRule('equal').map(([key]) => key),
    ...Object.keys(rules.defaults),
  ];
  const order = asked.flatMap((intent) => (intent.kind === 'key-order' ? intent.keys : []));
  return {
    any: whole || pairs.length > 0 || order.length > 0,
    title: isWhole('title') || named.has('title'),
    tags: isWhole('tags') || named.has('tags'),
    tagged: rules.required.includes('tags') || withRule('present').some(([key]) => key === 'tags'),
    required: [...rules.required, ...named],
    removed,
    kept,
    fixed: Object.fromEntries(
      withRule('equal').map(([key, { value }]) => [key, key === 'title' ? String(value) : value]),
    ),
    types,
    enums: [
      ...Object.entries(rules.enums),
      ...withRule('one-of').map(([key, rule]) => [key, rule.values] as const),
    ],
    defaults: rules.defaults,
    order: order.length > 0 ? order : rules.order,
    taken,
    filled,
    dates: dates.filter((key) => !isText(key)),
    status: status && from ? { key: status.key, from } : undefined,
    slugs: rules.slug ? [[rules.slug.key, rules.slug.from]] : [],
  };
};
