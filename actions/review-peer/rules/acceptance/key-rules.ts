// SPDX-License-Identifier: GPL-3.0-only
import type { KeyRule } from '../../../../src/chore/intent-kinds.ts';
import { type Front, fieldOf, hasField, sameValue } from './front.ts';
import { hashtagsOf, topHeading } from './headings.ts';
import {
  isSorted,
  judgeHeading,
  judgeTags,
  judgeTitle,
  stemOf,
  tagsIn,
  wordsOfName,
} from './title-and-tags.ts';

export type AskedRule = { readonly key: string; readonly rule: KeyRule };

/** Whether a key of the new frontmatter is what a sentence says of it. */
export const judgeRule = (
  { key, rule }: AskedRule,
  path: string,
  old: Front,
  now: Front,
): readonly string[] => {
  const value = fieldOf(now, key);
  const wrong = (what: string): readonly string[] => [`the key "${key}" ${what}`];
  const filled = isFilled(value);
  switch (rule.is) {
    case 'present':
      if (!filled || (key === 'tags' && sameValue(value, []))) return wrong('is missing');
      return key === 'title'
        ? judgeTitle(path, old, now)
        : key === 'tags'
          ? judgeTags(old, now)
          : keptWhereFilled(key, old, now);
    case 'absent':
      return hasField(now, key) ? wrong('is still there') : [];
    case 'kept':
      return sameValue(value, fieldOf(old, key)) ? [] : wrong('was not kept');
    case 'equal':
      return isEqual(value, rule.value) ? keptType(key, old, now) : wrong(`is not ${rule.value}`);
    case 'one-of':
      if (key === 'tags') return [...judgeTags(old, now), ...strayTags(now, rule.values)];
      return rule.values.includes(String(value))
        ? keptWhere(key, old, now, (was) => rule.values.includes(String(was)))
        : wrong(`is not one of ${rule.values.join(', ')}`);
    case 'shaped':
      if (!hasShape(value, rule.shape)) return wrong(`is not a ${rule.shape}`);
      return key === 'tags'
        ? judgeTags(old, now)
        : key === 'title'
          ? judgeTitle(path, old, now)
          : keptWhere(key, old, now, (was) => hasShape(was, rule.shape));
    case 'taken':
      if (rule.from === 'heading') return judgeHeading(key, value, topHeading(old.body));
      if (rule.from === 'file-name') {
        const name = key === 'title' ? wordsOfName(path) : stemOf(path);
        return String(value ?? '').normalize('NFC') === name ? [] : wrong('is not the file name');
      }
      if (rule.from === 'first-commit') {
        return hasShape(value, 'date') ? [] : wrong('is not a date');
      }
      return key === 'tags' ? judgeTags(old, now) : fromHashtags(key, old, now);
  }
};

const isFilled = (value: unknown): boolean =>
  value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '');

const strayTags = (now: Front, allowed: readonly string[]): readonly string[] =>
  tagsIn(fieldOf(now, 'tags'))
    .filter((tag) => !allowed.includes(tag))
    .map((tag) => `the tag "${tag}" is not one of ${allowed.join(', ')}`);

const keptWhereFilled = (key: string, old: Front, now: Front): readonly string[] =>
  keptWhere(key, old, now, isFilled);

/** Only a truth value has to be one and no text. */
const isEqual = (value: unknown, wanted: string | number | boolean): boolean =>
  typeof wanted === 'boolean'
    ? value === wanted
    : typeof value !== 'object' && String(value) === String(wanted);

/** A number in the place of a text that was a number reads differently to some. */
const keptType = (key: string, old: Front, now: Front): readonly string[] => {
  const [was, is] = [fieldOf(old, key), fieldOf(now, key)];
  return typeof was === 'string' && was.trim() !== '' && typeof is === 'number'
    ? [`the key "${key}" was text and is a number`]
    : [];
};

/** A value that already was as asked has no reason to change. */
const keptWhere = (
  key: string,
  old: Front,
  now: Front,
  fits: (was: unknown) => boolean,
): readonly string[] => {
  const was = fieldOf(old, key);
  return !fits(was) || sameValue(was, fieldOf(now, key))
    ? []
    : [`the key "${key}" was already as asked, but is changed`];
};

const fromHashtags = (key: string, old: Front, now: Front): readonly string[] => {
  const value = fieldOf(now, key);
  const was = fieldOf(old, key);
  if (was !== undefined && was !== null && was !== '') {
    return sameValue(was, value) ? [] : [`the value that the key "${key}" had was not kept`];
  }
  const { possible } = hashtagsOf(old.body);
  const stray = [value]
    .flat()
    .filter((word) => word !== undefined && word !== null)
    .filter((word) => !possible.has(String(word).toLowerCase()));
  return stray.map((word) => `the key "${key}" says "${word}", which is not a hashtag of the note`);
};

/** Whether a value has one of the shapes that sentences and rules name. */
export const hasShape = (value: unknown, shape: string): boolean => {
  if (shape === 'list') return Array.isArray(value);
  if (shape === 'sorted-list') return Array.isArray(value) && isSorted(value.map(String));
  if (shape === 'number') return typeof value === 'number';
  if (shape === 'boolean') return typeof value === 'boolean';
  if (shape === 'map') return value !== null && typeof value === 'object' && !Array.isArray(value);
  if (typeof value !== 'string') return false;
  if (shape === 'date') {
    return (
      /^\d{4}-\d{2}-\d{2}(?:[T ]|$)/.test(value) && !Number.isNaN(Date.parse(value.slice(0, 10)))
    );
  }
  if (shape === 'slug')
    return /^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}]+)*$/u.test(value);
  return shape === 'text' && value.trim() !== '';
};
