// SPDX-License-Identifier: GPL-3.0-only
import { type Front, fieldOf, sameValue } from './front.ts';
import { hasEmoji, hashtagsOf, headingsOf, lettersOf, readingsOf } from './headings.ts';

/** Kept, else the first heading without emoji and markup, else the file name. */
export const judgeTitle = (
  path: string,
  old: Front,
  now: Front,
  key = 'title',
): readonly string[] => {
  const title = fieldOf(now, key);
  const kept = fieldOf(old, key);
  if (kept !== undefined && kept !== null && !(typeof kept === 'string' && kept.trim() === '')) {
    return sameValue(kept, title) ? [] : [`the ${key} that it had was not kept`];
  }
  if (typeof title !== 'string' || title.trim() === '') return [`it has no ${key}`];
  if (title !== title.trim() || /[\r\n]/.test(title)) return [`the ${key} has extra white space`];
  const letters = lettersOf(title);
  const heading = headingsOf(old.body)
    .map((text) => readingsOf(text))
    .find((readings) => readings.some((reading) => reading !== ''));
  if (heading) {
    if (hasEmoji(title)) return [`the ${key} contains an emoji`];
    return heading.includes(letters) ? [] : [`the ${key} "${title}" is not the first heading`];
  }
  const name = (path.split('/').at(-1) ?? '').replace(/\.[^.]+$/, '');
  return lettersOf(name).toLowerCase() === letters.toLowerCase()
    ? []
    : [`the ${key} "${title}" is not the file name`];
};

/** Kept, and the note's hashtags with them, as a sorted list. */
export const judgeTags = (old: Front, now: Front): readonly string[] => {
  const value = fieldOf(now, 'tags');
  const { certain, possible } = hashtagsOf(old.body);
  const kept = tagsIn(fieldOf(old, 'tags'));
  if (value === undefined && kept.length === 0 && certain.size === 0) return [];
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
