// SPDX-License-Identifier: GPL-3.0-only
import { type Front, fieldOf, hasField, sameValue } from './front.ts';
import { type HeadingText, hasEmoji, hashtagsOf, lettersOf, topHeading } from './headings.ts';

/** Kept, else the heading of level 1 on top without emoji and markup, else the file name in words. */
export const judgeTitle = (path: string, old: Front, now: Front): readonly string[] => {
  const title = fieldOf(now, 'title');
  const kept = fieldOf(old, 'title');
  if (kept !== undefined && kept !== null && !(typeof kept === 'string' && kept.trim() === '')) {
    return sameValue(kept, title) ? [] : ['the title that it had was not kept'];
  }
  const heading = topHeading(old.body);
  if (heading?.level === 1) return judgeHeading('title', title, heading);
  return title === wordsOfName(path) ? [] : [`the title "${title}" is not the file name in words`];
};

/** What a value that is to be a heading's text gets wrong. */
export const judgeHeading = (
  key: string,
  value: unknown,
  heading: HeadingText | undefined,
): readonly string[] => {
  if (!heading) return [`there is no heading for the ${key}`];
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.trim() === '') return [`it has no ${key}`];
  if (text !== text.trim() || /[\r\n]/.test(text)) return [`the ${key} has extra white space`];
  if (hasEmoji(text)) return [`the ${key} contains an emoji`];
  return heading.readings.includes(lettersOf(text))
    ? []
    : [`the ${key} "${text}" is not the first heading`];
};

/** A file's name as people would say it; names with spaces they wrote so. */
export const wordsOfName = (path: string): string => {
  const stem = stemOf(path);
  const name = stem.replace(/^\d{4}-\d{2}-\d{2}[-_](?![-_]|$)/, '');
  const words = /\s/.test(name)
    ? name.trim()
    : (name.match(/[^-_]+(?:(?<=\d)[-_]+(?=\d)[^-_]+)*/g) ?? []).join(' ');
  const [letter = ''] = words;
  const [first = ''] = words.split(/\s/);
  const upper = letter.toUpperCase();
  const isPlain = /^(?!\p{Script=Georgian})\p{Ll}/u.test(words) && first === first.toLowerCase();
  if (words === '') return stem;
  return isPlain && upper.length === letter.length ? upper + words.slice(letter.length) : words;
};

/** A file's name without folder and ending. */
export const stemOf = (path: string): string =>
  (path.split('/').at(-1) ?? '').replace(/(?<=.)\.[^.]*$/, '').normalize('NFC');

/** Kept, and the note's hashtags with them, as a sorted list. */
export const judgeTags = (old: Front, now: Front): readonly string[] => {
  const value = fieldOf(now, 'tags');
  const { certain, possible } = hashtagsOf(old.body);
  const kept = tagsIn(fieldOf(old, 'tags'));
  const untouched =
    hasField(old, 'tags') === hasField(now, 'tags') && sameValue(value, fieldOf(old, 'tags'));
  if (kept.length === 0 && certain.size === 0 && untouched) return [];
  if (Array.isArray(value) && value.length === 0) return ['it has an empty list of tags'];
  if (!Array.isArray(value) || value.some((tag) => tag === null || typeof tag === 'object')) {
    return ['the tags are not a list of words'];
  }
  const words = value.map(String);
  const tags = words.map((tag) => tag.toLowerCase());
  const lost = [...kept.map((tag) => tag.toLowerCase()), ...certain].filter(
    (tag) => !tags.includes(tag),
  );
  const invented = tags.filter(
    (tag) => !possible.has(tag) && !kept.some((other) => other.toLowerCase() === tag),
  );
  return [
    ...lost.map((tag) => `the tag "${tag}" is missing`),
    ...invented.map((tag) => `the tag "${tag}" does not occur in the note`),
    ...(new Set(words).size < words.length ? ['a tag is listed twice'] : []),
    ...(isSorted(words) ? [] : ['the tags are not sorted']),
  ];
};

/** Sorted by code unit, or as people sort, with or without regard to case. */
export const isSorted = (values: readonly string[]): boolean => {
  const orders: readonly ((a: string, b: string) => number)[] = [
    (a, b) => (a < b ? -1 : a > b ? 1 : 0),
    (a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : a.toLowerCase() > b.toLowerCase() ? 1 : 0),
    (a, b) => a.localeCompare(b, 'en'),
  ];
  return orders.some((compare) => sameValue(values, values.toSorted(compare)));
};

/** Tags as a list, or as one line of words; a leading `#` is not part of a tag. */
export const tagsIn = (value: unknown): readonly string[] => {
  const words = Array.isArray(value)
    ? value.map((tag) => (tag === null ? '' : String(tag)))
    : typeof value === 'string'
      ? value.split(',')
      : value === undefined || value === null
        ? []
        : [String(value)];
  return words.map((word) => word.trim().replace(/^#/, '')).filter((word) => word !== '');
};
