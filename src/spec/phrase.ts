// SPDX-License-Identifier: GPL-3.0-only
import type { FileGlobs } from './intent-kinds.ts';
import { isQuoted, type Sentence, unquote } from './sentence.ts';

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const nouns =
  'functions?|constants?|const|types?|interfaces?|class(?:es)?|symbols?|variables?|enums?|helpers?|methods?|names?|identifiers?|exports?|components?|hooks?|values?';
const nounFirst = new RegExp(
  `^(?:the |an? |both )?(?:(?:exported|public|missing|new|old|existing) )*(?:(?<noun>${nouns}) )?(?:named |called )?`,
  'iu',
);
const nounLast = new RegExp(` (?:${nouns})$`, 'iu');
const englishWords = new Set(
  'a all an and any anything api are as at be both by code each every everything file files for from function functions in index into is it its name names no nothing of old new on one only or other others package project same some something symbol symbols test tests that the their them there these they thing things this those to type types uses which with you'.split(
    ' ',
  ),
);

/** How sure a bare word must be an identifier: `plain` takes any, `coded` only `camelCase` and the like. */
type Bare = 'plain' | 'coded';

/** Identifiers a phrase lists ("the functions `a`, `b` and `c`"); `undefined` where one is none. */
export const readNames = (
  phrase: string | undefined,
  sentence: Sentence,
  bare: Bare = 'coded',
): readonly string[] | undefined => {
  if (phrase === undefined) return undefined;
  const names = phrase
    .split(/,? and |, /u)
    .map((part) => readName(part.trim(), sentence, bare, phrase));
  return names.every((name) => name !== undefined) && names.length > 0 ? names : undefined;
};

const readName = (
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

/** Exactly one identifier. */
export const readOneName = (
  phrase: string | undefined,
  sentence: Sentence,
  bare: Bare = 'coded',
): string | undefined => {
  const names = readNames(phrase, sentence, bare);
  return names?.length === 1 ? names[0] : undefined;
};

const pathLike = /^[^\s*?{}"'`<>|\\:\0]+$/u;

/** A path inside the repository as the sentence writes it, without a leading `./`. */
export const readPath = (phrase: string | undefined, sentence: Sentence): string | undefined => {
  if (phrase === undefined) return undefined;
  const core = phrase
    .replace(/^(?:the )?(?:(?:index|barrel|entry|test|source|new) )?(?:file |module )?/iu, '')
    .replace(/ (?:file|module)$/iu, '');
  const path = unquote(core, sentence).replace(/^(?:\.\/)+/u, '');
  const inside = !path.startsWith('/') && !path.split('/').includes('..');
  const named = /[^./]\.[a-z]+$/iu.test(path) || (path.includes('/') && !path.endsWith('/'));
  return inside && named && (isQuoted(core) ? !/[\0*?{}]/u.test(path) : pathLike.test(path))
    ? path
    : undefined;
};

/** A module to export from: its path, or `''` for "the index", "the package root" and the like. */
export const readIndex = (phrase: string | undefined, sentence: Sentence): string | undefined =>
  phrase !== undefined &&
  /^(?:the |its |our )?(?:package(?:'s)? |module(?:'s)? |library(?:'s)? |public )?(?:index|barrel|package root|root|entry ?point|main module|package|api|library)(?: file| module| of the package)?$/iu.test(
    phrase,
  )
    ? ''
    : readPath(phrase, sentence);

const markdown = ['**/*.md', '**/*.markdown'] as const;
const typescript = ['**/*.ts', '**/*.tsx', '**/*.mts', '**/*.cts'] as const;
const javascript = ['**/*.js', '**/*.jsx', '**/*.mjs', '**/*.cjs'] as const;

const kinds: readonly (readonly [RegExp, FileGlobs])[] = [
  [/^(?:markdown|md)(?: (?:file|note|page|document|doc)s?)?$/iu, markdown],
  [/^(?:notes?|pages?|documents?|docs?|documentation(?: (?:file|page)s?)?)$/iu, markdown],
  [/^(?:typescript|ts)(?: (?:source )?(?:file|module|source)s?)?$/iu, typescript],
  [/^(?:javascript|js)(?: (?:source )?(?:file|module|source)s?)?$/iu, javascript],
  [/^(?:source|code)(?: (?:file|module)s?)$|^sources?$/iu, [...typescript, ...javascript]],
  [/^files?$/iu, []],
];

const placed =
  /^(?<core>.*?)(?:^| )(?:in|under|inside|below|within|from|of) (?:the )?(?:(?:folder|directory) )?(?<place>[^ ]+)(?<noun> (?:folder|directory|tree))?$/iu;

/** The files a phrase names ("all *.md under `docs/`"), `[]` for all in scope; else `undefined`. */
export const readFiles = (
  phrase: string | undefined,
  sentence: Sentence,
): FileGlobs | undefined => {
  if (phrase === undefined) return undefined;
  const text = phrase
    .replace(/ (?:in|within|of) (?:the )?(?:scope|repository|repo|project|tree|package)$/iu, '')
    .replace(/^(?:all|every|each|any)(?: single)?(?: one)?(?: of)?(?: (?:the|these|those))? /iu, '')
    .replace(/^the /iu, '');
  const plain = filesOf(text, sentence);
  if (plain) return plain;
  const groups = placed.exec(text)?.groups;
  const folder = groups && readFolder(groups.place, sentence, groups.noun !== undefined);
  const core = groups?.core ? filesOf(groups.core, sentence) : [];
  if (folder === undefined || core === undefined) return undefined;
  return core.length === 0 ? [`${folder}/**`] : core.map((glob) => `${folder}/${glob}`);
};

const filesOf = (text: string, sentence: Sentence): FileGlobs | undefined => {
  const kind = kinds.find(([words]) => words.test(unquote(text, sentence)));
  if (kind) return kind[1];
  const globs = text
    .split(/,? (?:and|or) |, /u)
    .map((part) =>
      readGlob(part.replace(/ (?:file|note|page|document|module)s?$/iu, ''), sentence),
    );
  return globs.every((glob) => glob !== undefined) ? globs : undefined;
};

const readGlob = (part: string, sentence: Sentence): string | undefined => {
  const glob = unquote(part, sentence).replace(/^(?:\.\/)+/u, '');
  if (/^\.[a-z]{1,8}$/iu.test(glob)) return `**/*${glob}`;
  const shaped = isQuoted(part) ? /^[^\0]+$/u.test(glob) : /^[^\s"'`\0]+$/u.test(glob);
  if (!shaped || glob.startsWith('/') || glob.split('/').includes('..')) return undefined;
  if (glob.endsWith('/')) return `${glob}**`;
  if (glob.includes('/')) return glob;
  return glob.includes('*') || /[^.]\.[a-z]+$/iu.test(glob) ? `**/${glob}` : undefined;
};

const readFolder = (
  text: string | undefined,
  sentence: Sentence,
  noun: boolean,
): string | undefined => {
  const folder = unquote(text ?? '', sentence).replace(/^(?:\.\/)+|\/(?:\*\*)?$/gu, '');
  const inside = !folder.startsWith('/') && !folder.split('/').includes('..');
  return inside &&
    /^[^\s*?{}\0]+$/u.test(folder) &&
    (noun || isQuoted(text ?? '') || /\//u.test(text ?? ''))
    ? folder
    : undefined;
};
