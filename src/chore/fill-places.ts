// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../data/digest.ts';
import type { Arguments } from '../spec/asked.ts';
import { isUsualFolder } from './read/files.ts';
import { readers } from './read/readers.ts';
import type { Sentence } from './sentence.ts';
import type { SentencePlace } from './template.ts';

/** A run of a sentence's words, and what a reader makes of it. */
type Part = { readonly start: number; readonly end: number; readonly value: Json };

/** What a reader can make of the runs of a sentence's words, longer ones first. */
export type PlaceReader = (reader: string) => readonly Part[];

/** Names and paths are rarely longer, and phrases for files are not either. */
const mostWords = 9;

/** Readers that take any bare word; here only words that are plainly no English are for them. */
const loose: Readonly<Record<string, string>> = {
  name: 'name',
  'quoted-name': 'name',
  names: 'names',
  'code-names': 'names',
  'key-name': 'key-name',
  'key-list': 'key-list',
  tag: 'tag',
  declarations: 'declarations',
  subject: 'subject',
};
const isCoded = (word: string): boolean =>
  !/[/*]/u.test(word) && /\uE000|[\p{Ll}\d]\p{Lu}|\p{L}_\p{L}|^#\p{L}/u.test(word);
const besideNames =
  /^(?:and|the|functions?|class(?:es)?|types?|constants?|const|interfaces?|helpers?|methods?|variables?|enums?|tags?|keys?|fields?)$/iu;

/** "Every exported function", or a module: said without a name. */
const isTold = (value: Json): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (Object.hasOwn(value, 'which') || Object.hasOwn(value, 'source'));

const namesFiles = new Set(['files', 'notes', 'documents', 'other-files']);

/** Not any word after "in" or "of" is a folder here: it has a slash, or the noun beside it, or is a usual one. */
const isPlaced = (value: Json, text: string): boolean =>
  Array.isArray(value) &&
  value.every((glob) => {
    const [, folder] = /^!?([^/*?[{]+)\/\*\*/u.exec(String(glob)) ?? [];
    return (
      folder === undefined ||
      /\uE000| (?:folder|directory)$/iu.test(text) ||
      text.includes(`${folder}/`) ||
      text.includes(`/${folder}`) ||
      isUsualFolder(folder)
    );
  });

const isPathLike = (text: string): boolean => /[/*\uE000]|\.\w+$|folder|directory/iu.test(text);

export const placeReader = (sentence: Sentence): PlaceReader => {
  const words = [...sentence.text.matchAll(/\S+/gu)].map(({ index, 0: word }) => ({
    from: index + (/^[(["']*/u.exec(word)?.[0].length ?? 0),
    to: index + word.replace(/[,.;:!?)\]"']+$/u, '').length,
    isBroken: /[.;!?]$/u.test(word),
  }));
  const textOf = (start: number, end: number): string =>
    sentence.text.slice(words[start]?.from, words[end - 1]?.to);
  const read = (reader: string): readonly Part[] => {
    const isLoose = Object.hasOwn(loose, reader);
    const named = readers[loose[reader] ?? reader];
    const parts: Part[] = [];
    for (let length = Math.min(mostWords, words.length); length > 0; length -= 1) {
      for (let start = 0; start + length <= words.length; start += 1) {
        const end = start + length;
        if (words.slice(start, end - 1).some(({ isBroken }) => isBroken)) continue;
        const text = textOf(start, end);
        const bare = text.split(/[ ,]+/u);
        const areNames =
          bare.some(isCoded) && bare.every((word) => isCoded(word) || besideNames.test(word));
        const before = sentence.text.slice(0, words[start]?.from);
        const value = named?.read(text, sentence, before);
        if (value === undefined || (isLoose && !areNames && !isTold(value))) continue;
        if (namesFiles.has(reader) && !isPlaced(value, text)) continue;
        parts.push({ start, end, value });
      }
    }
    return namesFiles.has(reader)
      ? parts.toSorted(
          (a, b) =>
            Number(isPathLike(textOf(b.start, b.end))) - Number(isPathLike(textOf(a.start, a.end))),
        )
      : parts;
  };
  const made = new Map<string, readonly Part[]>();
  return (reader) => {
    const parts = made.get(reader) ?? read(reader);
    made.set(reader, parts);
    return parts;
  };
};

/**
 * Arguments for all places from runs of words that do not overlap, those of names in the order of the
 * places; `undefined` where one is missing. Files are added where the sentence names some.
 */
export const fillPlaces = (
  places: readonly SentencePlace[],
  read: PlaceReader,
  takesFiles: boolean,
): { readonly args: Arguments; readonly places: number } | undefined => {
  const args: Record<string, Json> = {};
  const taken: Part[] = [];
  let cursor = 0;
  const take = (reader: string): Part | undefined => {
    const isLoose = Object.hasOwn(loose, reader);
    const free = read(reader).filter(
      ({ start, end }) =>
        (!isLoose || start >= cursor) &&
        taken.every((other) => end <= other.start || start >= other.end),
    );
    const part = isLoose
      ? free.toSorted((a, b) => a.start - b.start || b.end - a.end)[0]
      : reader === 'number'
        ? free.toSorted((a, b) => b.start - a.start)[0]
        : free[0];
    if (part) taken.push(part);
    if (part && isLoose) cursor = part.end;
    return part;
  };
  const set = (argument: string, value: Json): void => {
    if (argument === '...') Object.assign(args, value);
    else if (!(Array.isArray(value) && value.length === 0)) args[argument] = value;
  };
  for (const { argument, reader } of places) {
    const part = take(reader);
    if (!part) return undefined;
    set(argument, part.value);
  }
  if (takesFiles && args.files === undefined) {
    const part = take('files');
    if (part) set('files', part.value);
  }
  const others = places.filter(({ reader }) => !namesFiles.has(reader)).length;
  return { args, places: others + (taken.length - others) / 4 };
};
