// SPDX-License-Identifier: GPL-3.0-only
import { Declined } from '../../../src/chore/script.ts';
import type { Json } from '../../../src/data/digest.ts';
import { entryOf, type Front, fieldOf } from './front.ts';
import { tagsOfBody, topHeading } from './headings.ts';

/** The title of a note that has none: the heading of level 1 on top, else the file name in words. */
export const titleOf = (path: string, { body }: Front): string => {
  const heading = topHeading(body);
  return heading?.level === 1 ? heading.text : wordsOfName(path);
};

/** A file's name as people would say it; names with spaces they wrote so. */
export const wordsOfName = (path: string): string => {
  const stem = stemOf(path).normalize('NFC');
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
  (path.split('/').at(-1) ?? '').replace(/(?<=.)\.[^.]*$/, '');

type Tag = string | number | boolean;

/** The tags that a note has, and its hashtags with them, sorted; `undefined` where there are none. @throws Declined */
export const tagsOf = (old: Front): readonly Json[] | undefined => {
  const own = ownTags(fieldOf(old, 'tags'));
  const { source = '', items = [] } = entryOf(old, 'tags') ?? {};
  const written = [
    source.replace(/^[^:]*:/, ''),
    ...items.map(({ from, to }) => source.slice(from, to)),
  ];
  for (const tag of own) {
    if (own.some((other) => other !== tag && String(other) === String(tag)))
      throw new Declined(`its tag ${tag} stands there as text and as something else`);
    if (typeof tag === 'number' && !written.some((text) => text.trim() === String(tag)))
      throw new Declined(`its tag ${tag} is written as another number`);
  }
  const folded = own.map((tag) => String(tag).toLowerCase());
  const more = tagsOfBody(old.body).filter((tag) => !folded.includes(tag.toLowerCase()));
  const all = [...new Set<Tag>([...own, ...more])];
  return all.length === 0 ? undefined : all.sort((a, b) => (String(a) < String(b) ? -1 : 1));
};

/** In a list or in a text with commas; a leading `#` is not part of a tag. */
const ownTags = (value: unknown): readonly Tag[] => {
  const listed = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(',')
      : [value];
  const tags = listed.map((tag: unknown) =>
    typeof tag === 'string' ? tag.trim().replace(/^#/, '') : tag,
  );
  // To some readers a text with spaces is several tags, to others one.
  const isUnclear = typeof value === 'string' && listed.length === 1 && /\s/.test(value.trim());
  const filled = tags.filter((tag) => tag !== '' && tag !== null && tag !== undefined);
  if (isUnclear || filled.some((tag) => typeof tag === 'object'))
    throw new Declined('its tags are not a list of words');
  return filled as readonly Tag[];
};
