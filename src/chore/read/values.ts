// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { isQuoted, type Sentence, unquote } from '../sentence.ts';
import type { Reader } from './reader.ts';

type Said = { readonly [argument: string]: Json };

const commit = (which: string): RegExp =>
  new RegExp(
    `^(?:dates? )?(?:(?:taken|made|derived|generated|copied|built) from |from )?(?:the |its )?(?:date of (?:the|its|their) )?(?:file's |page's |post's |its )?${which} (?:git )?commit(?:'s)?(?: date)?$`,
    'iu',
  );

const shapes: readonly (readonly [RegExp, Said])[] = [
  [
    /^(?:(?:an? )?(?:alphabetically )?sorted list|sorted(?: alphabetically)?)$/iu,
    { shape: 'sorted-list' },
  ],
  [/^(?:an? )?(?:list|array)(?: of (?:strings|words|tags))?$/iu, { shape: 'list' }],
  [/^(?:an? )?(?:valid )?(?:iso(?:[ -]?8601)? )?dates?$/iu, { shape: 'date' }],
  [/^(?:in )?(?:the )?iso(?:[ -]?8601)?(?: date)?(?: format)?$/iu, { shape: 'date' }],
  [/^(?:in )?(?:the (?:form|format) )?yyyy-mm-dd(?: (?:format|form))?$/iu, { shape: 'date' }],
  [/^(?:an? )?(?:valid )?slugs?$/iu, { shape: 'slug' }],
  [/^(?:an? )?(?:non-empty )?(?:string|text)s?$/iu, { shape: 'text' }],
  [/^(?:set|present|filled(?: in)?|required|given|there)$/iu, { state: 'present' }],
  [/^(?:absent|removed|gone|dropped)$/iu, { state: 'absent' }],
  [/^(?:kept|preserved|unchanged|untouched)$/iu, { state: 'kept' }],
  [
    /^(?:(?:taken|made|derived|generated|copied|built) from |the (?:text of )?|its |their )*(?:(?:first|main|top) )?(?:heading|h1)s?$/iu,
    { from: 'heading' },
  ],
  [
    /^(?:(?:taken|made|derived|generated|copied|built) from |the |its )*file ?name$/iu,
    { from: 'file-name' },
  ],
  [
    /^(?:(?:taken|made|derived|generated|copied|built) from |the |its )*(?:note's |inline )?hashtags?$/iu,
    { from: 'hashtags' },
  ],
  [commit('first'), { from: 'first-commit' }],
  [commit('(?:last|latest|newest|most recent)'), { from: 'last-commit' }],
  [
    /^(?:(?:taken|made|derived|generated|copied|built) from |from )?(?:the |its |their )?(?:text of )?(?:the |its |their )?(?:page's |post's |note's )?(?:first|opening|leading) paragraphs?$/iu,
    { from: 'first-paragraph' },
  ],
];

/** Words for the length of a text, and what they say: at most, at least, or between two numbers. */
const lengths: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /^(?:of |with |limited to |cut (?:at|to) )?(?:at most|up to|no more than|a maximum of|max\.?) (\d{1,4}) char(?:acter)?s?(?: long)?$/iu,
    ['maxLength'],
  ],
  [/^(?:limited to|cut (?:at|to)) (\d{1,4}) char(?:acter)?s?$/iu, ['maxLength']],
  [
    /^(?:of |with )?(?:at least|no less than|a minimum of) (\d{1,4}) char(?:acter)?s?(?: long)?$/iu,
    ['minLength'],
  ],
  [
    /^(?:of )?(?:between )?(\d{1,4})(?: to | and |-|–)(\d{1,4}) char(?:acter)?s?(?: long)?$/iu,
    ['minLength', 'maxLength'],
  ],
];

const readLength = (phrase: string): Said | undefined => {
  for (const [pattern, names] of lengths) {
    const numbers = pattern.exec(phrase)?.slice(1);
    if (numbers) return Object.fromEntries(names.map((name, at) => [name, Number(numbers[at])]));
  }
  return undefined;
};

/** Where a text is (?:taken|made|derived|generated|copied|built) from and how long it is, in either order. */
const readMeasured = (phrase: string): Said | undefined => {
  const whole = shapeOf(phrase) ?? readLength(phrase);
  if (whole) return whole;
  for (const { index, 0: joint } of phrase.matchAll(/,? and |, ?| (?=(?:cut|limited|of) )/gu)) {
    const parts = [phrase.slice(0, index), phrase.slice(index + joint.length)];
    const [one, two] = parts.map((part) => shapeOf(part) ?? readLength(part));
    if (one && two) return { ...one, ...two };
  }
  return undefined;
};

const shapeOf = (phrase: string): Said | undefined =>
  shapes.find(([pattern]) => pattern.test(phrase))?.[1];

/**
 * What a key's value is: `{value}`, `{oneOf}`, `{shape}`, `{from}` (where it is (?:taken|made|derived|generated|copied|built) from), `{minLength}`
 * and `{maxLength}`, or `{state}` (present, absent, kept).
 */
export const readValue: Reader = (phrase, sentence) => {
  const choices = /^(?:one|any) of:? (.+)$/iu.exec(phrase)?.[1];
  if (choices !== undefined) {
    const oneOf = choicesIn(choices, sentence);
    return oneOf && { oneOf };
  }
  if (isQuoted(phrase)) return { value: typed(unquote(phrase, sentence)) };
  const named = /^(?:(?:the|a|its) )?value (?:of |set to )?(.+)$/iu.exec(phrase)?.[1];
  if (named !== undefined) return readNamedValue(named, sentence);
  if (/^(?:true|false|-?\d+|\d{4}-\d{2}-\d{2})$/u.test(phrase)) return { value: typed(phrase) };
  return readMeasured(phrase);
};

/** What is called a value may be a bare word. */
const readNamedValue = (phrase: string, sentence: Sentence): Said | undefined => {
  const text = unquote(phrase, sentence);
  return isQuoted(phrase) || /^[\p{L}\p{N}_.-]+$/u.test(text) ? { value: typed(text) } : undefined;
};

/** `{keys, value}` of a line as frontmatter has it: `draft: false`, in quotes or not. */
export const readPair: Reader = (phrase, sentence) => {
  if (!isQuoted(phrase) && phrase !== unquote(phrase, sentence)) return undefined;
  const text = unquote(phrase, sentence);
  const [, key, value = ''] =
    /^([A-Za-z_][\w-]*): ?([^\s:{}[\]&*!|>%@`"'#][^:{}[\]#]*)$/u.exec(text) ?? [];
  return key === undefined ? undefined : { keys: [key], value: typed(value.trim()) };
};

/** Several bare words are no value: "draft or live and tags are removed" asks for more than values. */
const choicesIn = (phrase: string, sentence: Sentence): string[] | undefined => {
  const parts = phrase
    .split(/,? (?:or|and) |, /u)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (!parts.every((part) => isQuoted(part) || !part.includes(' '))) return undefined;
  const values = parts.map((part) => unquote(part, sentence)).filter((value) => value !== '');
  return values.length > 0 && values.every((value) => value.length <= 100) ? values : undefined;
};

/** A truth value or a number where the text is just how YAML writes it. */
const typed = (text: string): string | number | boolean => {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text && /^-?\d/.test(text) ? Number(text) : text;
};

/** A whole number of up to nine digits. */
export const readNumber: Reader = (phrase, sentence) => {
  const digits = unquote(phrase, sentence);
  return /^\d{1,9}$/u.test(digits) ? Number(digits) : undefined;
};

/** What stands in quotes. */
export const readText: Reader = (phrase, sentence) =>
  isQuoted(phrase) ? unquote(phrase, sentence) : undefined;

const checks = {
  tests:
    /^(?:(?:all|every|the|each|existing|unit|ava|test) )*(?:tests?|test ?suite|suite|specs)$|^(?:npm|yarn|pnpm)(?: run)? test$/iu,
  types:
    /^(?:the )?(?:types?|type[ -]?(?:check(?:s|ing|er)?)|tsc|typescript(?: compiler)?|compiler)$/iu,
  lint: /^(?:the )?(?:lint(?:er|ing)?|biome(?: check)?|eslint|lint checks?)$|^(?:npm|yarn|pnpm)(?: run)? lint$/iu,
  format: /^(?:the )?(?:format(?:ter|ting)?(?: check)?|formatting)$/iu,
  build: /^(?:the )?(?:build|npm run build)$/iu,
  checks: /^(?:(?:all|every|the|each|spec's) )*(?:checks?|ci)$/iu,
} as const;

/** What is to pass: tests, types, lint, format, build or checks. */
export const readCheck: Reader = (phrase, sentence) => {
  const who = unquote(phrase, sentence);
  return Object.entries(checks).find(([, pattern]) => pattern.test(who))?.[0];
};
