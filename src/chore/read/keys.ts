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
  statuses: 'status',
  permalinks: 'permalink',
};

const knownKeys = new Set(
  'title tags status date slug description author authors aliases category categories layout created updated draft id type summary lang permalink weight'.split(
    ' ',
  ),
);

/** Frontmatter keys: quoted, a known bare word, or any bare word beside "key" or "field". */
export const readKeys: Reader = (phrase, sentence) => keysIn(phrase, sentence, false);

/** Frontmatter keys where the sentence says that it lists some. */
export const readKeyList: Reader = (phrase, sentence) => keysIn(phrase, sentence, true);

/** One frontmatter key, or tag, in quotes or as one bare word. */
export const readKeyName: Reader = (phrase, sentence) => {
  const key = unquote(phrase, sentence);
  return isQuoted(phrase) || /^[\p{L}_][\p{L}\p{N}_/-]*$/u.test(key)
    ? key.replace(/^#/u, '')
    : undefined;
};

const keysIn = (phrase: string, sentence: Sentence, bare: boolean): string[] | undefined => {
  const noun = bare || /\b(?:keys?|fields?|propert(?:y|ies))\b/iu.test(phrase);
  const keys = phrase
    .replace(/\b(?:frontmatter )?(?:keys?|fields?|propert(?:y|ies))\b ?/giu, '')
    .split(/,? and |, /u)
    .map((part) => {
      const core = part
        .trim()
        .replace(/^(?:(?:an?|the|its|their|every|each|all|existing|non-empty|valid|both) )+/iu, '');
      const key = unquote(core, sentence);
      if (isQuoted(core)) return /^[\p{L}_][\p{L}\p{N} _.-]*$/u.test(key) ? key : undefined;
      const said = key.toLowerCase();
      const word = plurals[said] ?? said;
      return knownKeys.has(word) ? word : noun && /^[a-z_][\w-]*$/iu.test(key) ? key : undefined;
    });
  return keys.every((key) => key !== undefined) ? keys : undefined;
};
