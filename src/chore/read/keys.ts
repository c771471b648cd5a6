// SPDX-License-Identifier: GPL-3.0-only
import { isQuoted, type Sentence, unquote } from '../sentence.ts';
import type { Reader } from './reader.ts';

/** Words for several of one key; `tags`, `aliases` and the like are keys themselves. */
const plurals: Readonly<Record<string, string>> = {
  titles: 'title',
  dates: 'date',
  slugs: 'slug',
  descriptions: 'description',
  layouts: 'layout',
  summaries: 'summary',
  excerpts: 'excerpt',
  statuses: 'status',
  permalinks: 'permalink',
};

const knownKeys = new Set(
  'title tags status date slug description author authors aliases category categories layout created updated draft id type summary lang permalink weight lastmod last_modified_at excerpt'.split(
    ' ',
  ),
);

/** Words that say which keys, where a person names none: "keep all keys", "remove unused fields". */
const tellingWords = new Set(
  'a all an any both certain correct custom deprecated duplicate each empty every existing extra first following invalid its last least missing most needless new no obsolete old only optional order other private public redundant remaining required same single some such that the their these this those unknown unnecessary unused valid which wrong'.split(
    ' ',
  ),
);

/** Frontmatter keys: quoted, a known bare word, or any bare word beside "key" or "field". */
export const readKeys: Reader = (phrase, sentence) => keysIn(phrase, sentence, false);

/** Frontmatter keys where the sentence says that it lists some. */
export const readKeyList: Reader = (phrase, sentence) => keysIn(phrase, sentence, true);

/** As `readKeys`, but a key that is not known must be called a key or a field. */
export const readKnownKeys: Reader = (phrase, sentence) => {
  const keys = keysIn(phrase, sentence, false);
  const areKnown = namesKeys(phrase) || keys?.every((key) => knownKeys.has(key.toLowerCase()));
  return areKnown ? keys : undefined;
};

/** As `readKeys`, where they are called so. */
export const readNamedKeys: Reader = (phrase, sentence) =>
  namesKeys(phrase) ? keysIn(phrase, sentence, false) : undefined;

const namesKeys = (phrase: string): boolean =>
  /\b(?:keys?|fields?|propert(?:y|ies))\b/iu.test(phrase);

/** One frontmatter key, or tag, in quotes or as one bare word. */
export const readKeyName: Reader = (phrase, sentence) => {
  const key = unquote(phrase, sentence);
  return isQuoted(phrase) || /^[\p{L}_][\p{L}\p{N}_/-]*$/u.test(key)
    ? key.replace(/^#/u, '')
    : undefined;
};

const keysIn = (phrase: string, sentence: Sentence, bare: boolean): string[] | undefined => {
  const noun = bare || namesKeys(phrase);
  const parts = phrase
    .replace(/\b(?:frontmatter )?(?:keys?|fields?|propert(?:y|ies))\b ?/giu, '')
    .split(/,? and |, /u);
  // "Empty fields" and "the key order is unchanged" tell of keys and name none.
  const isTold = parts.length === 1 && (bare || /[^ ] (?:keys|fields|properties)$/iu.test(phrase));
  const keys = parts.map((part) => {
    const core = part
      .trim()
      .replace(/^(?:(?:an?|the|its|their|every|each|all|existing|non-empty|valid|both) )+/iu, '');
    const key = unquote(core, sentence);
    if (isQuoted(core)) return /^[\p{L}_][\p{L}\p{N} _.-]*$/u.test(key) ? key : undefined;
    const said = key.toLowerCase();
    const word = plurals[said] ?? said;
    if (knownKeys.has(word)) return word;
    const isName = noun && !isTold && !tellingWords.has(said) && /^[a-z_][\w-]*$/iu.test(key);
    return isName ? key : undefined;
  });
  return keys.every((key) => key !== undefined) ? keys : undefined;
};
