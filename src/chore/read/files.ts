// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { isQuoted, type Sentence, unquote } from '../sentence.ts';
import type { Reader } from './reader.ts';

type Globs = readonly string[];

/** However their endings are written. */
const markdown = ['**/*.[mM][dD]', '**/*.[mM][aA][rR][kK][dD][oO][wW][nN]'] as const;
const typescript = ['**/*.ts', '**/*.tsx', '**/*.mts', '**/*.cts'] as const;
const javascript = ['**/*.js', '**/*.jsx', '**/*.mjs', '**/*.cjs'] as const;

const kinds: readonly (readonly [RegExp, Globs])[] = [
  [/^(?:markdown|md)(?: (?:file|note|page|post|article|document|doc)s?)?$/iu, markdown],
  [
    /^(?:blog )?(?:notes?|pages?|posts?|articles?|documents?|docs?|documentation(?: (?:file|page)s?)?)$/iu,
    markdown,
  ],
  [/^(?:typescript|ts)(?: (?:source )?(?:file|module|source)s?)?$/iu, typescript],
  [/^(?:javascript|js)(?: (?:source )?(?:file|module|source)s?)?$/iu, javascript],
  [
    /^(?:source|code)(?: (?:file|module)s?)$|^sources?$|^source code$|^modules?$/iu,
    [...typescript, ...javascript],
  ],
  [/^files?$|^(?:whole |entire )?(?:repo|repository|project|codebase|code base)$/iu, []],
  [/^src$/u, ['src/**']],
  [/^lib$/u, ['lib/**']],
];

const excepted =
  /,? (?:except|excluding|but not|other than)(?: (?:for|those|the ones|what is))? /iu;
const placed =
  /^(?<core>.*?)(?:^| )(?:in|under|inside|below|within|from|of) (?:the )?(?:(?:folder|directory) )?(?<place>[^ ]+(?:(?:,? and |,? or |, )[^ ]+)*)(?<noun> (?:folder|directory|tree))?$/iu;

/** "In docs" means the folder, where "all docs" are notes. */
const isPlace = /(?:^| )(?:in|under|inside|below|within|across|over|on) $/iu;
const usualFolder =
  /^(?:app|articles|bin|content|docs?|examples|guides?|lib|notes|packages|pages|posts|scripts|src|tests?|tools)$/u;

/** Folders that go by their bare names. */
export const isUsualFolder = (word: string): boolean => usualFolder.test(word);

/**
 * Globs as `compileScope` takes them of the files a phrase names ("all *.md under `docs/` except in
 * Templates/"); `[]` for all in scope.
 */
export const readFiles: Reader = (phrase, sentence, before = '') => {
  const cut = excepted.exec(phrase);
  const said = phrase.slice(0, cut?.index);
  const files =
    (isPlace.test(before) ? placesIn(said, sentence) : undefined) ?? filesIn(said, sentence);
  if (!cut) return files;
  const others = filesIn(`every ${phrase.slice(cut.index + cut[0].length)}`, sentence);
  if (!files || !others || others.length === 0) return undefined;
  const folders = new Set(files.map((glob) => /^(?:[^/*?[{]+\/)*/u.exec(glob)?.[0] ?? ''));
  const left = others.flatMap((glob) => [
    glob,
    // "In src/ except gen/" may mean src/gen/.
    ...[...folders]
      .filter((folder) => folder !== '' && !/^\*\*\//u.test(glob) && !glob.startsWith(folder))
      .map((folder) => `${folder}${glob}`),
  ]);
  return [...(files.length > 0 ? files : ['**']), ...left.map((glob) => `!${glob}`)];
};

/** "README.md and docs". */
const placesIn = (text: string, sentence: Sentence): string[] | undefined => {
  const places = partsOf(text)
    .map((part) => part.replace(/^the (.+) (?:folder|directory)$/iu, '$1'))
    .map((part) => (isUsualFolder(part) ? `${part}/**` : readGlob(part, sentence, false)));
  return places.every((place) => place !== undefined) ? places : undefined;
};

const partsOf = (text: string): readonly string[] => text.split(/,? (?:and|or) |, /u);

/** As `readFiles`, of notes alone: "all posts", "*.md in docs/". */
export const readNotes: Reader = (phrase, sentence, before) => {
  const files = readFiles(phrase, sentence, before);
  return isFilled(files) && positive(files).every((glob) => isNote.test(glob)) ? files : undefined;
};

/** As `readFiles`, but for files that are plainly no notes. */
export const readDocuments: Reader = (phrase, sentence, before) => {
  const files = readFiles(phrase, sentence, before);
  const isOther = (glob: string): boolean => /\.\w+$/u.test(glob) && !isNote.test(glob);
  return isFilled(files) && positive(files).every(isOther) ? undefined : files;
};

/** All files but those: what may change where these may not. */
export const readOthers: Reader = (phrase, sentence, before) => {
  const files = readFiles(phrase, sentence, before);
  return isFilled(files) && files.every((glob) => !glob.startsWith('!'))
    ? ['**', ...files.map((glob) => `!${glob}`)]
    : undefined;
};

/** By its ending, or all of a folder that people keep notes in. */
const isNote =
  /\.(?:md|markdown|\[mM\]\S*)$|^(?:articles|docs?|guides?|notes|pages|posts)\/\*\*$/iu;

const isFilled = (files: Json | undefined): files is string[] =>
  Array.isArray(files) && files.length > 0;

const positive = (files: readonly string[]): readonly string[] =>
  files.filter((glob) => !glob.startsWith('!'));

const filesIn = (phrase: string, sentence: Sentence): string[] | undefined => {
  const isEvery = /^(?:all|every|each|any) | (?:files|notes|pages|documents|modules)$/iu.test(
    phrase,
  );
  const text = phrase
    .replace(/ (?:in|within|of) (?:the )?(?:scope|repository|repo|project|tree|package)$/iu, '')
    .replace(
      / (?:that|which) (?:lacks?|(?:do(?:es)? not|don't|doesn't) have) (?:it|one|them|any)(?: yet)?$/iu,
      '',
    )
    .replace(
      /^(?:all|every|each|any)(?: single)?(?: one)?(?: of)?(?: (?:the|these|those|our|my))? /iu,
      '',
    )
    .replace(/^(?:the|our) /iu, '');
  const plain = filesOf(text, sentence, isEvery);
  if (plain) return [...plain];
  const groups = placed.exec(text)?.groups;
  const folders = partsOf(groups?.place ?? '').map((place) =>
    readFolder(place, sentence, groups?.noun !== undefined),
  );
  const core = groups?.core ? filesOf(groups.core, sentence, isEvery) : [];
  if (!groups || core === undefined || folders.includes(undefined)) return undefined;
  return folders.flatMap((folder) => {
    if (core.length > 0) return core.map((glob) => `${folder}/${glob}`);
    return [/[^./]\.[a-z]{1,5}$/iu.test(folder ?? '') ? `${folder}` : `${folder}/**`];
  });
};

const filesOf = (text: string, sentence: Sentence, isEvery: boolean): Globs | undefined => {
  const kind = kinds.find(([words]) => words.test(unquote(text, sentence)));
  if (kind) return kind[1];
  const globs = partsOf(text).map((part) =>
    readGlob(
      part.replace(/ (?:file|note|page|post|article|document|module)s?$/iu, ''),
      sentence,
      isEvery,
    ),
  );
  return globs.every((glob) => glob !== undefined) ? globs : undefined;
};

/** A bare name is that of one file; "every README.md" are all of that name. */
const readGlob = (part: string, sentence: Sentence, isEvery: boolean): string | undefined => {
  const glob = unquote(part, sentence).replace(/^(?:\.\/)+/u, '');
  if (/^\.[a-z]{1,8}$/iu.test(glob)) return `**/*${glob}`;
  const page = /^(readme|changelog|contributing)s?$/iu.exec(glob)?.[1]?.toUpperCase();
  if (page !== undefined) return `${isEvery ? '**/' : ''}${page}.md`;
  const shaped = isQuoted(part) ? /^[^\0]+$/u.test(glob) : /^[^\s"'`\0]+$/u.test(glob);
  if (!shaped || glob.startsWith('/') || glob.split('/').includes('..')) return undefined;
  if (glob.endsWith('/')) return `${glob}**`;
  if (glob.includes('/')) return glob;
  if (glob.includes('*')) return `**/${glob}`;
  const name = bareNames.test(glob) ? `${glob}{,.*}` : glob;
  if (name === glob && !/[^.]\.[a-z]+$/iu.test(glob)) return undefined;
  return isEvery ? `**/${name}` : name;
};

/** Files that go without an ending, or with any. */
const bareNames = /^(?:LICEN[CS]E|COPYING|COPYRIGHT|NOTICE|AUTHORS|Makefile|Dockerfile)$/u;

const readFolder = (
  text: string | undefined,
  sentence: Sentence,
  noun: boolean,
): string | undefined => {
  const folder = unquote(text ?? '', sentence).replace(/^(?:\.\/)+|\/(?:\*\*)?$/gu, '');
  const inside = !folder.startsWith('/') && !folder.split('/').includes('..');
  const said = noun || isQuoted(text ?? '') || /\//u.test(text ?? '') || isFolderName(folder);
  return inside && /^[^\s*?{}\0]+$/u.test(folder) && said ? folder : undefined;
};

const otherWords = new Set(
  'scope it its their them this that which use place question order general particular total sync code english time case fact public full part'.split(
    ' ',
  ),
);

/** `src` in "every file in src". */
const isFolderName = (word: string): boolean =>
  /^[a-z][a-z0-9._-]*$/u.test(word) && !otherWords.has(word);
