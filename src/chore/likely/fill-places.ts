// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import type { Arguments } from '../../spec/asked.ts';
import { isUsualFolder } from '../read/files.ts';
import { readers } from '../read/readers.ts';
import type { Sentence } from '../sentence.ts';
import type { SentencePlace } from '../template.ts';

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
const isLoose = (reader: string): boolean => Object.hasOwn(loose, reader);

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

/** Whether the words are plainly what the reader made of them. */
const isPlain = (reader: string, value: Json, text: string): boolean => {
  if (namesFiles.has(reader)) return isPlaced(value, text);
  const words = text.split(/[ ,]+/u);
  const areNames =
    words.some(isCoded) && words.every((word) => isCoded(word) || besideNames.test(word));
  return !isLoose(reader) || areNames || isTold(value);
};

/** How sure it is that a run of words is what a place wants; of those that are as sure the longest is first. */
const sureness = (reader: string, { start }: Part, text: string): number => {
  if (isLoose(reader)) return -start;
  if (reader === 'number') return start;
  if (namesFiles.has(reader)) return /[/*\uE000]|\.\w+$|folder|directory/iu.test(text) ? 1 : 0;
  return 0;
};

/** Reads the runs of a sentence's words, for each reader once. */
export const placeReader = (sentence: Sentence): PlaceReader => {
  const words = [...sentence.text.matchAll(/\S+/gu)].map(({ index, 0: word }) => ({
    from: index + (/^[(["']*/u.exec(word)?.[0].length ?? 0),
    to: index + word.replace(/[,.;:!?)\]"']+$/u, '').length,
    isBroken: /[.;!?]$/u.test(word),
  }));
  const runs = Array.from({ length: Math.min(mostWords, words.length) }, (_, less) => {
    const length = Math.min(mostWords, words.length) - less;
    return words.slice(0, words.length - length + 1).map((_word, start) => ({
      ...{ start, end: start + length },
      text: sentence.text.slice(words[start]?.from, words[start + length - 1]?.to),
      before: sentence.text.slice(0, words[start]?.from),
      isBroken: words.slice(start, start + length - 1).some(({ isBroken }) => isBroken),
    }));
  })
    .flat()
    .filter(({ isBroken }) => !isBroken);
  const made = new Map<string, readonly Part[]>();
  return (reader) => {
    const before = made.get(reader);
    if (before) return before;
    const parts = runs
      .flatMap(({ start, end, text, before: left }) => {
        const value = readers[loose[reader] ?? reader]?.read(text, sentence, left);
        if (value === undefined || !isPlain(reader, value, text)) return [];
        const part = { start, end, value };
        return [{ part, sure: sureness(reader, part, text) }];
      })
      .sort((a, b) => b.sure - a.sure)
      .map(({ part }) => part);
    made.set(reader, parts);
    return parts;
  };
};

/**
 * Arguments for all places from runs of words that do not overlap, those of names in the order of the
 * places; `undefined` where one is missing. Files are added where the sentence names some. `places` counts
 * those that are filled, files as a quarter: nearly every sentence names some.
 */
export const fillPlaces = (
  places: readonly SentencePlace[],
  read: PlaceReader,
  takesFiles: boolean,
): { readonly args: Arguments; readonly places: number } | undefined => {
  const args: Record<string, Json> = {};
  const taken: Part[] = [];
  let cursor = 0;
  const take = ({ argument, reader }: SentencePlace): boolean => {
    const part = read(reader).find(
      ({ start, end }) =>
        (!isLoose(reader) || start >= cursor) &&
        taken.every((other) => end <= other.start || start >= other.end),
    );
    if (!part) return false;
    taken.push(part);
    if (isLoose(reader)) cursor = part.end;
    const { value } = part;
    if (argument === '...') Object.assign(args, value);
    else if (!(Array.isArray(value) && value.length === 0)) args[argument] = value;
    return true;
  };
  if (!places.every(take)) return undefined;
  if (takesFiles && args.files === undefined) take({ argument: 'files', reader: 'files' });
  const others = places.filter(({ reader }) => !namesFiles.has(reader)).length;
  return { args, places: others + (taken.length - others) / 4 };
};
