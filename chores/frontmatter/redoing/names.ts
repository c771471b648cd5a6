// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { isSameKey } from '../../../src/markdown/frontmatter.ts';

/** A file's name without its last ending. */
export const bareName = (path: string): string => posix.basename(path, posix.extname(path));

/** `2024-05-01-my-first_note.md` is "My first note"; what has spaces, or capitals in its first word, says itself. */
export const spokenName = (path: string): string => {
  const name = bareName(path).normalize('NFC');
  const undated = /^\d{4}-\d\d-\d\d[-_][^-_]/.test(name) ? name.slice('2024-05-01-'.length) : name;
  const text = /\s/.test(undated) ? undated.trim() : wordsBetween(undated);
  if (text === '') return name;
  const [first = ''] = text.split(/\s/);
  const [letter = ''] = text;
  const capital = /\p{Ll}/u.test(letter) && !/\p{Script=Georgian}/u.test(letter);
  const upper = letter.toUpperCase();
  return capital && upper.length === letter.length && first.toLowerCase() === first
    ? upper + text.slice(letter.length)
    : text;
};

/** Marks between digits are part of a number. */
const wordsBetween = (name: string): string => {
  const words: string[] = [];
  let word = '';
  for (const part of name.split(/([-_]+)/)) {
    const isMark = /^[-_]+$/.test(part);
    if (!isMark && /^[-_]+$/.test(word.slice(-1)) && !/^\d/.test(part)) {
      words.push(word.replace(/[-_]+$/, ''));
      word = part;
    } else if (isMark && !/\d$/.test(word)) {
      words.push(word);
      word = '';
    } else word += part;
  }
  return [...words, word.replace(/[-_]+$/, '')].join(' ').trim();
};

/** Lower case, letters and digits of any script, one `-` for all else; marks of Latin letters go. */
export const slugged = (text: string): string => {
  let slug = '';
  let latin = false;
  for (const sign of text.normalize('NFKD').toLowerCase()) {
    if (/\p{M}/u.test(sign)) {
      if (!latin) slug += sign;
      continue;
    }
    if (/['\u2019]/.test(sign)) continue;
    latin = /\p{Script=Latin}/u.test(sign);
    if (/[\p{L}\p{N}]/u.test(sign)) slug += sign;
    else if (slug !== '' && !slug.endsWith('-')) slug += '-';
  }
  return slug.replace(/-$/, '').normalize('NFC');
};

const shapes: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  list: (value) => Array.isArray(value),
  map: (value) => Object.prototype.toString.call(value) === '[object Object]',
  'sorted-list': (value) =>
    Array.isArray(value) &&
    [...new Set(value.map(String))].sort().join('\0') === value.map(String).join('\0'),
  slug: (value) => typeof value === 'string' && value.length > 0 && slugged(value) === value,
  date: (value) => typeof value === 'string' && dayOf(value) !== undefined,
};

/** Whether a value looks as a sentence or rule says. */
export const looksLike = (value: unknown, shape: string): boolean =>
  shapes[shape]?.(value) ?? false;

/** The day of a date, with or without a time behind it; `undefined` for any other text. */
export const dayOf = (text: string): string | undefined => {
  const day = text.slice(0, 10);
  const isTime = /^(?:[T ][\d:.]+ ?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(text.slice(10));
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return isTime && !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day
    ? day
    : undefined;
};

/** Whether a key has no value. */
export const isBlank = (value: unknown): boolean =>
  String(value ?? '').trim() === '' && !Array.isArray(value);

/** The title is worked out first, the tags second. */
export const rank = (name: string): number =>
  isSameKey(name, 'title') ? 0 : isSameKey(name, 'tags') ? 1 : 2;
