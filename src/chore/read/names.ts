// SPDX-License-Identifier: GPL-3.0-only
import { isQuoted, type Sentence, unquote } from '../sentence.ts';
import { readPath } from './paths.ts';
import type { Reader } from './reader.ts';

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const nouns =
  'functions?|constants?|const|types?|interfaces?|class(?:es)?|symbols?|variables?|enums?|helpers?|methods?|names?|identifiers?|exports?|components?|hooks?|values?';
const nounFirst = new RegExp(
  `^(?:the |an? |both )?(?:(?:exported|public|missing|new|old|existing) )*(?:(?<noun>${nouns}) )?(?:named |called )?`,
  'iu',
);
const nounLast = new RegExp(` (?:${nouns})$`, 'iu');
const englishWords = new Set(
  'a all an and any anything api are as at be both by code each every everything exported file files for from function functions in index into is it its name names no nothing of old new on one only or other others package project public readme changelog same some something symbol symbols test tests that the their them there these they thing things this those to type types uses which with you'.split(
    ' ',
  ),
);

/** How sure a bare word must be an identifier: `plain` takes any, `coded` only `camelCase` and the like. */
type Bare = 'plain' | 'coded';

const namesWith =
  (bare: Bare): Reader =>
  (phrase, sentence) => {
    const names = phrase
      .split(/,? and |, /u)
      .map((part) => nameIn(part.trim(), sentence, bare, phrase));
    return names.every((name) => name !== undefined) && names.length > 0 ? names : undefined;
  };

const nameIn = (
  part: string,
  sentence: Sentence,
  bare: Bare,
  phrase: string,
): string | undefined => {
  const noun = nounFirst.exec(phrase)?.groups?.noun !== undefined || nounLast.test(phrase);
  const core = part.replace(nounLast, '').replace(nounFirst, '').trim();
  const called = /\(\)$/u.test(unquote(core, sentence));
  const name = unquote(core, sentence).replace(/\(\)$/u, '');
  if (!identifier.test(name)) return undefined;
  if (isQuoted(core) || called) return name;
  if (englishWords.has(name.toLowerCase())) return undefined;
  return bare === 'plain' || noun || /.[\p{Lu}_$\d]/u.test(name) ? name : undefined;
};

/** Identifiers, bare words too: "the functions `a`, b and `c`". */
export const readNames = namesWith('plain');

/** Identifiers that are plainly code: quoted, `camelCase`, or with a noun such as "function". */
export const readCodedNames = namesWith('coded');

/** One identifier, a bare word too. */
export const readName: Reader = (phrase, sentence) => {
  const names = readNames(phrase, sentence);
  return Array.isArray(names) && names.length === 1 ? names[0] : undefined;
};

/** One identifier in quotes: "is called once" speaks of calls, "is called `once`" of a name. */
export const readQuotedName: Reader = (phrase, sentence) =>
  isQuoted(phrase) ? readName(phrase, sentence) : undefined;

const everyExport = /^(?:all|every|each)(?: of the| the)? exports?$/iu;
const every =
  /^(?:(?:(?:all|every|each)(?: of the)?|the)(?: exported| public)+ (?:(?<which>function|type|class|constant)|symbol|declaration|name|member|export|thing)(?:e?s)?|(?:exported|public) (?:(?<many>function|type|class|constant)|symbol|declaration|name|member|export|thing)e?s)$/iu;

/** `{names}` of declarations, or `{which?}` of "every exported function". */
export const readDeclarations: Reader = (phrase, sentence) => {
  if (everyExport.test(phrase)) return {};
  const match = every.exec(phrase);
  if (match) {
    const which = (match.groups?.which ?? match.groups?.many)?.toLowerCase();
    return which === undefined ? {} : { which };
  }
  const names = readCodedNames(phrase, sentence);
  return names === undefined ? undefined : { names };
};

/** What a test is for: `{source}`, a module, or `{names}`. */
export const readSubject: Reader = (phrase, sentence) => {
  const source = readPath(phrase, sentence);
  if (source !== undefined) return { source };
  const names = readCodedNames(phrase, sentence);
  return names === undefined ? undefined : { names };
};
