// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../chore/patch.ts';
import type { Json } from '../data/digest.ts';
import type { Asked } from '../spec/asked.ts';
import type { Refused } from './decode-markdown.ts';
import { isSameKey } from './frontmatter.ts';
import type { Lengths } from './paragraph/note-description.ts';
import { type DocRules, docRulesSchema, type ValueShape } from './rules.ts';

/** What a key's value is taken from. */
export type ValueSource =
  | 'heading'
  | 'file-name'
  | 'hashtags'
  | 'first-commit'
  | 'last-commit'
  | 'first-paragraph';

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
  /** The least and most characters of a key's text, where they are said. */
  readonly lengths: readonly (readonly [key: string, said: Partial<Lengths>])[];
  /** Keys for which a value that looks like a date is one. */
  readonly dates: readonly string[];
  readonly status:
    | { readonly key: string; readonly from: Readonly<Record<string, string>> }
    | undefined;
  readonly slugs: readonly (readonly [key: string, from: 'title' | 'file-name'])[];
};

/**
 * What is asked of the document at `path`. Rules that are not known and demands that contradict each
 * other are refused, never passed over.
 */
export const demandsOf = (
  asked: readonly Asked[],
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
  if (!asked.some(({ chore }) => /^(?:frontmatter|key|key-order)$/.test(chore)))
    return { refused: 'no acceptance sentence asks for frontmatter' };
  const covers = ({ args }: Asked): boolean => coveredBy(filesOf(args))(path);
  const here = asked.filter(covers);
  const whole = here.some(({ chore }) => chore === 'frontmatter');
  const demands = compile(here, whole ? parsed.data : docRulesSchema.parse({}), whole);
  const isKept = asked.some((one) => one.chore === 'only-files' && !covers(one));
  return isKept && 'any' in demands && demands.any
    ? { refused: `the acceptance lets only other files change than ${path}` }
    : demands;
};

const filesOf = ({ files }: Asked['args']) => files as readonly string[] | undefined;

/** What sentences say of one key, as `chores/key/chore.yaml` describes it; all of it holds. */
type KeyDemand = {
  readonly key: string;
  readonly state?: 'present' | 'absent' | 'kept';
  readonly value?: string | number | boolean;
  readonly oneOf?: readonly string[];
  readonly shape?: ValueShape;
  readonly from?: ValueSource;
  readonly minLength?: number;
  readonly maxLength?: number;
};

/** `Title` and `Tags` are the keys that rules know, in whatever case a sentence has them. */
const commonKey = (key: string): string =>
  /^(?:title|tags)$/i.test(key) ? key.toLowerCase() : key;

const keyDemandsOf = (asked: readonly Asked[]): readonly KeyDemand[] =>
  asked
    .filter(({ chore }) => chore === 'key')
    .flatMap(({ args: { keys, files: _, ...said } }) =>
      (keys as readonly string[]).map((key) => ({ ...said, key: commonKey(key) }) as KeyDemand),
    );

const compile = (asked: readonly Asked[], rules: DocRules, whole: boolean): Demands | Refused => {
  const said = keyDemandsOf(asked);
  const keysIn = (state: KeyDemand['state']): readonly string[] =>
    said.filter((demand) => demand.state === state).map(({ key }) => key);
  const pairsOf = <Name extends 'value' | 'oneOf' | 'shape' | 'from'>(name: Name) =>
    said.flatMap(({ key, [name]: what }) => (what === undefined ? [] : [[key, what] as const]));
  const valued = [
    ...pairsOf('value'),
    ...pairsOf('oneOf'),
    ...pairsOf('shape'),
    ...pairsOf('from'),
  ];
  const lengths = said.flatMap(({ key, minLength: min, maxLength: max }) =>
    min === undefined && max === undefined
      ? []
      : [[key, { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }] as const],
  );
  const [removed, kept] = [keysIn('absent'), keysIn('kept')];
  const named = new Set([...keysIn('present'), ...[...valued, ...lengths].map(([key]) => key)]);
  const clash = removed.find(
    (key) => named.has(key) || (whole && (key === 'title' || key === 'tags')),
  );
  if (clash !== undefined) return { refused: `the acceptance asks to set and to remove ${clash}` };
  const torn = kept.find((key) => removed.includes(key));
  if (torn !== undefined) return { refused: `the acceptance asks to keep and to remove ${torn}` };
  const isWhole = (key: string): boolean => whole && !kept.includes(key);
  const { status } = rules;
  const from =
    status &&
    (Array.isArray(status.from)
      ? Object.fromEntries(status.from.map((tag) => [tag, tag]))
      : status.from);
  const sources = pairsOf('from');
  const described = sources.filter(([, source]) => source === 'first-paragraph');
  const taken = sources.filter(([, source]) => source !== 'first-paragraph');
  // As a title is the heading where nobody says more.
  const natural = [...keysIn('present'), ...lengths.map(([key]) => key)].filter(
    (key) =>
      isSameKey(key, 'description') &&
      ![...valued.map(([name]) => name), ...Object.keys(rules.defaults)].some((name) =>
        isSameKey(name, key),
      ),
  );
  const guess = taken.find(
    ([key, source]) => source === 'hashtags' && key !== 'tags' && !(status && status.key === key),
  );
  if (guess) return { refused: `${guess[0]} from hashtags needs rules.status to say which` };
  const filled = [
    ...(rules.date ? [[rules.date.key, rules.date.from] as const] : []),
    ...described,
    ...natural.map((key) => [key, 'first-paragraph'] as const),
  ];
  const types = [...Object.entries(rules.types), ...pairsOf('shape')];
  const isText = (key: string): boolean =>
    key === 'title' || types.some(([name, shape]) => name === key && shape === 'text');
  const dates = [
    ...[...taken, ...filled].filter(([, source]) => source.endsWith('-commit')).map(([key]) => key),
    ...pairsOf('value').map(([key]) => key),
    ...Object.keys(rules.defaults),
  ];
  const order = asked.flatMap(({ chore, args }) =>
    chore === 'key-order' ? (args.keys as readonly string[]) : [],
  );
  return {
    any: whole || said.length > 0 || order.length > 0,
    title: isWhole('title') || named.has('title'),
    tags: isWhole('tags') || named.has('tags'),
    tagged: rules.required.includes('tags') || keysIn('present').includes('tags'),
    required: [...rules.required, ...named],
    removed,
    kept,
    fixed: Object.fromEntries(
      pairsOf('value').map(([key, value]) => [key, key === 'title' ? String(value) : value]),
    ),
    types,
    enums: [...Object.entries(rules.enums), ...pairsOf('oneOf')],
    defaults: rules.defaults,
    order: order.length > 0 ? order : rules.order,
    taken,
    filled,
    lengths,
    dates: dates.filter((key) => !isText(key)),
    status: status && from ? { key: status.key, from } : undefined,
    slugs: rules.slug ? [[rules.slug.key, rules.slug.from]] : [],
  };
};
