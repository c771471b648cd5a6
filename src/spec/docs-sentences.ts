// SPDX-License-Identifier: GPL-3.0-only
import type { Intent, KeyRule } from './intent-kinds.ts';
import { readFiles } from './phrase.ts';
import {
  isQuoted,
  type Sentence,
  type SentenceMatch,
  type SentenceRule,
  sentenceRule,
  unquote,
} from './sentence.ts';

const must = '(?:(?:must|should|shall|will) )?(?:(?:now|also|all|each|still|again) )*';
const have = `${must}(?:have|has|having|carry|carries|get|gets|contain|contains|include|includes)`;
const be = `${must}(?:is|are|be|has been|have been|stays?|remains?|continues? to be)(?: (?:all|always|exactly|completely|fully|entirely))*`;
const matter = '(?:the |their |its |a )?(?:yaml )?front[ -]?matter';
const tidy = '(?:normali[sz]ed|valid|clean|tidy|consistent|well-formed|correct)';
const same =
  '(?:unchanged|untouched|the same|identical|intact|preserved|unmodified|as (?:it|they) (?:is|are|was|were)(?: before)?|not (?:changed|touched|modified)|kept(?: as (?:it|they) (?:is|are|was|were))?)(?:,? byte (?:for|by) byte)?';

const knownKeys = new Set(
  'title tags status date slug description author authors aliases category categories layout created updated draft id type summary lang permalink weight'.split(
    ' ',
  ),
);

/** Keys a phrase lists: quoted, a known bare word, or any bare word beside "key" or "field". */
const readKeys = (
  phrase: string | undefined,
  sentence: Sentence,
): readonly string[] | undefined => {
  if (phrase === undefined) return undefined;
  const noun = /\b(?:keys?|fields?|propert(?:y|ies))\b/iu.test(phrase);
  const keys = phrase
    .replace(/\b(?:frontmatter )?(?:keys?|fields?|propert(?:y|ies))\b ?/giu, '')
    .split(/,? and |, /u)
    .map((part) => {
      const core = part
        .trim()
        .replace(/^(?:(?:an?|the|its|their|every|each|non-empty|valid|both) )+/iu, '');
      const key = unquote(core, sentence);
      if (isQuoted(core)) return /^[\p{L}_][\p{L}\p{N} _.-]*$/u.test(key) ? key : undefined;
      const word = key.toLowerCase();
      return knownKeys.has(word) ? word : noun && /^[a-z_][\w-]*$/iu.test(key) ? key : undefined;
    });
  return keys.every((key) => key !== undefined) ? keys : undefined;
};

const keyIntent = (
  { get, sentence }: SentenceMatch,
  rule: KeyRule | undefined,
): Intent | undefined => {
  const keys = readKeys(get('keys'), sentence);
  const files = readFiles(get('files') ?? 'all files', sentence);
  return keys && files && rule && { kind: 'frontmatter-keys', keys, files, rule };
};

const valuesOf = (phrase: string, sentence: Sentence): readonly string[] | undefined => {
  const values = phrase
    .split(/,? (?:or|and) |, /u)
    .map((part) => unquote(part.trim(), sentence))
    .filter((value) => value !== '');
  return values.length > 0 && values.every((value) => value.length <= 100) ? values : undefined;
};

const shapes: readonly (readonly [RegExp, KeyRule])[] = [
  [
    /^(?:an? )?(?:alphabetically )?sorted list|^sorted(?: alphabetically)?$/iu,
    { is: 'shaped', shape: 'sorted-list' },
  ],
  [/^(?:an? )?(?:list|array)(?: of (?:strings|words|tags))?$/iu, { is: 'shaped', shape: 'list' }],
  [/^(?:an? )?(?:valid )?(?:iso(?:[ -]?8601)? )?dates?$/iu, { is: 'shaped', shape: 'date' }],
  [/^(?:an? )?(?:valid )?slugs?$/iu, { is: 'shaped', shape: 'slug' }],
  [/^(?:an? )?(?:non-empty )?(?:string|text)s?$/iu, { is: 'shaped', shape: 'text' }],
  [/^(?:set|present|filled(?: in)?|required|given|there)$/iu, { is: 'present' }],
  [/^(?:absent|removed|gone|dropped)$/iu, { is: 'absent' }],
  [/^(?:kept|preserved|unchanged|untouched)$/iu, { is: 'kept' }],
  [
    /^(?:taken from |the (?:text of )?|its )*(?:(?:first|main|top) )?heading$/iu,
    { is: 'taken', from: 'heading' },
  ],
  [/^(?:taken from |the )*file ?name$/iu, { is: 'taken', from: 'file-name' }],
  [/^(?:taken from |the )*(?:note's |inline )?hashtags?$/iu, { is: 'taken', from: 'hashtags' }],
  [
    /^(?:taken from )?(?:the )?(?:date of (?:the|its) )?(?:file's |its )?first commit(?: date)?$/iu,
    { is: 'taken', from: 'first-commit' },
  ],
];

/** A truth value or a number where the text is just how YAML writes it. */
const typed = (text: string): string | number | boolean => {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text && /^-?\d/.test(text) ? Number(text) : text;
};

const readRule = (phrase: string, sentence: Sentence): KeyRule | undefined => {
  const oneOf = /^(?:one|any) of:? (.+)$/iu.exec(phrase)?.[1];
  if (oneOf) {
    const values = valuesOf(oneOf, sentence);
    return values && { is: 'one-of', values };
  }
  if (isQuoted(phrase)) return { is: 'equal', value: typed(unquote(phrase, sentence)) };
  return shapes.find(([pattern]) => pattern.test(phrase))?.[1];
};

const checkNames = {
  tests:
    /^(?:(?:all|every|the|each|existing|unit|ava|test) )*(?:tests?|test ?suite|suite|specs)$|^(?:npm|yarn|pnpm)(?: run)? test$/iu,
  types:
    /^(?:the )?(?:types?|type[ -]?(?:check(?:s|ing|er)?)|tsc|typescript(?: compiler)?|compiler)$/iu,
  lint: /^(?:the )?(?:lint(?:er|ing)?|biome(?: check)?|eslint|lint checks?)$/iu,
  format: /^(?:the )?(?:format(?:ter|ting)?(?: check)?|formatting)$/iu,
  build: /^(?:the )?(?:build|npm run build)$/iu,
  checks: /^(?:(?:all|every|the|each|spec's) )*(?:checks?|ci)$/iu,
} as const;

const passes = ({ get, sentence }: SentenceMatch): Intent | undefined => {
  const who = unquote(get('who') ?? '', sentence);
  const check = Object.entries(checkNames).find(([, pattern]) => pattern.test(who))?.[0];
  return check === undefined
    ? undefined
    : { kind: 'checks-pass', check: check as keyof typeof checkNames };
};

const part = (name: 'elsewhere' | 'body' | 'behaviour' | 'format' | 'keys') => (): Intent => ({
  kind: 'unchanged',
  part: name,
});

const changed =
  '(?:is |are |was |were |has |have |gets? )?(?:changed|changes|change|touched|modified|edited|differs?|differ|altered)';

/** Sentences about notes and about what holds around any change. */
export const docsSentences: readonly SentenceRule[] = [
  sentenceRule(
    [
      `nothing else ${changed}`,
      `nothing (?:is|was) (?:changed|touched|modified) (?:elsewhere|otherwise|beyond that|besides)`,
      `(?:everything|all) else ${be} ${same}`,
      `no other (?:file|line|code|text|part|content)s? ${changed}`,
      `(?:all |the |every )*(?:other|remaining) (?:file|line|code|text|content|module|part)s? ${be} ${same}`,
      `the rest(?: of (?:(?:the|each|every) )?(?:file|note|code|text|package|repository|content)s?)? ${be} ${same}`,
      `no other changes?(?: (?:is|are) made)?`,
    ],
    part('elsewhere'),
  ),
  sentenceRule(
    [
      `(?:all |the |each |every |their |its )*(?:note |file )?(?:bod(?:y|ies)|prose|text|contents?)(?: text)?(?: of (?:the |each |every |all )*(?:file|note|page|document)s?| below the (?:front ?matter|header)| of it)? ${be} ${same}`,
      `no (?:body|text|prose)(?: text)? ${changed}`,
    ],
    part('body'),
  ),
  sentenceRule(
    [
      `(?:the |all |no |its |existing )*(?:behaviou?r|functionality|logic) (?:of the code )?(?:${be} ${same}|does not change|doesn't change)`,
      `no (?:functional|behaviou?ral|code|logic) changes?`,
      `no behaviou?r ${changed}`,
    ],
    part('behaviour'),
  ),
  sentenceRule(
    [
      `(?:the |all |existing )*(?:formatting|comments|line endings?|bom|whitespace|white space|style)(?:(?:,| and|, and) (?:the )?(?:formatting|comments|line endings?|bom|whitespace))* ${be} ${same}`,
    ],
    part('format'),
  ),
  sentenceRule(
    [
      `(?:all |every |the |any |each )*(?:other|existing|untouched|remaining) (?:front ?matter )?keys? ${be} ${same}`,
      `no (?:other|further|existing) keys? ${changed}`,
      `no (?:other|further) keys? (?:is|are) (?:added|removed)`,
    ],
    part('keys'),
  ),
  sentenceRule(
    [
      `only {files} (?:is |are )?(?:changed|changes|change|touched|modified)`,
      `no files? (?:outside|other than|except|but|beyond) {files} ${changed}`,
      `nothing (?:outside|other than|except|but|beyond) {files} ${changed}`,
    ],
    ({ get, sentence }) => {
      const files = readFiles(get('files'), sentence);
      return files && { kind: 'only-files', files };
    },
  ),
  sentenceRule(
    [
      `{who} ${must}(?:continues? to )?(?:pass|passes|passing|succeeds?|run green|(?:is|are|stays?|remains?) (?:green|clean|passing|happy))`,
      `{who} ${must}(?:reports?|finds?|gives?|shows?|has|have) (?:no|nothing|zero)(?: new)?(?: type)?(?: (?:error|problem|issue|finding|warning|diagnostic)s?)?`,
    ],
    passes,
  ),
  sentenceRule(
    [
      `(?:the )?(?:code|package|project|typescript) ${must}(?:compiles?|type[ -]?checks?|builds?)(?: without errors?)?`,
      `(?:there are )?no (?:new )?type errors?`,
      `types ${must}check`,
    ],
    () => ({ kind: 'checks-pass', check: 'types' }),
  ),
  sentenceRule(
    [
      `(?:(?:all|every|each|any|the|internal|relative|existing) )*links?(?: (?:in|between) (?:the |all )?(?:files?|notes?|pages?|docs))? ${must}(?:resolves?|works?|(?:is|are) (?:valid|intact|not broken))`,
      `(?:there are )?no (?:broken|dead) links?`,
      `no links? (?:is|are|gets?) broken`,
    ],
    () => ({ kind: 'links-resolve' }),
  ),
  sentenceRule(
    [
      `{files} ${have} (?:an? |the )?(?:${tidy} )?${matter}`,
      `${matter} (?:of|in) {files} ${be} ${tidy}`,
      `${matter} ${be} ${tidy}`,
      `normali[sz]e ${matter}`,
      `normali[sz]e ${matter} (?:of|in|for) {files}`,
      `normali[sz]e {files}' front ?matter`,
      `add (?:${tidy} )?${matter} to {files}`,
    ],
    ({ get, sentence }) => {
      const files = readFiles(get('files') ?? 'all files', sentence);
      return files && { kind: 'frontmatter', files };
    },
  ),
  sentenceRule(
    [
      `{files} ${have} {keys}(?: in (?:its|the|their) front ?matter)?`,
      `(?:add|give|set) {keys} (?:to|in) {files}`,
      `give {files} {keys}`,
    ],
    (caught) => keyIntent(caught, { is: 'present' }),
  ),
  sentenceRule(`{files} ${have} {keys} (?:set to |of |equal to ){value}`, (caught) =>
    keyIntent(caught, readRule(caught.get('value') ?? '', caught.sentence)),
  ),
  sentenceRule(
    [
      `{keys} (?:of|in) {files} ${be} {value}`,
      `{keys} ${be} {value} in {files}`,
      `{keys} ${be} {value}`,
      `{keys} (?:comes?|(?:is|are) taken|(?:is|are) derived|(?:is|are) set) from {value}`,
    ],
    (caught) => keyIntent(caught, readRule(caught.get('value') ?? '', caught.sentence)),
  ),
  sentenceRule(
    [
      `(?:the )?(?:front ?matter )?(?:key order|order of (?:the )?keys) is:? {keys}`,
      `(?:the )?keys (?:are|come) in the order:? {keys}`,
    ],
    ({ get, sentence }) => {
      const keys = readKeys(`keys ${get('keys') ?? ''}`, sentence);
      return keys && { kind: 'key-order', keys };
    },
  ),
];
