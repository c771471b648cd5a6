// SPDX-License-Identifier: GPL-3.0-only
import { keyValue } from '../../markdown/frontmatter.ts';
import { hashtagsOf } from '../../markdown/hashtags.ts';
import { isEmpty } from '../../markdown/rules.ts';
import { sameValue } from '../../markdown/yaml-value.ts';
import { asBefore, askedTexts, counted, type NotePatch, type PatchReading } from './reading.ts';
import { shownValue } from './title-reading.ts';

/** Which tags are gone, new, written otherwise or left out, and in what order they stand. */
export const readTags = ({ before, after, asked }: NotePatch): PatchReading => {
  const [old, now] = [keyValue(before.parsed, 'tags'), keyValue(after.parsed, 'tags')];
  const hashtags = hashtagsOf(before.body);
  const [listed, tags] = [listOf(old), listOf(now)];
  const folded = (list: readonly string[]) => new Set(list.map((tag) => tag.toLowerCase()));
  const [oldFolds, nowFolds, hashFolds] = [folded(listed), folded(tags), folded(hashtags)];
  const texts = askedTexts(asked);
  const gone = listed.filter((tag) => !tags.includes(tag));
  const added = tags.filter((tag) => !listed.includes(tag));
  const foreign = added.filter((tag) => !hashFolds.has(tag.toLowerCase()));
  const isRecased = (tag: string): boolean => nowFolds.has(tag.toLowerCase());
  const parts = counted({
    recased: gone.filter(isRecased).length,
    'gone as asked': gone.filter((tag) => !isRecased(tag) && texts.has(tag)).length,
    gone: gone.filter((tag) => !isRecased(tag) && !texts.has(tag)).length,
    'from hashtags': added.length - foreign.length,
    'new as asked': foreign.filter((tag) => !oldFolds.has(tag.toLowerCase()) && texts.has(tag))
      .length,
    'from nowhere': foreign.filter((tag) => !oldFolds.has(tag.toLowerCase()) && !texts.has(tag))
      .length,
    'left out': hashtags.filter((tag) => !nowFolds.has(tag.toLowerCase())).length,
    twice: tags.length - new Set(tags).size,
    capitals: tags.filter((tag) => tag !== tag.toLowerCase()).length,
    'asked to go': listed.filter((tag) => tags.includes(tag) && texts.has(tag)).length,
  });
  const is = sameValue(old, now) ? asBefore : formOf(now);
  return {
    says: [`was ${formOf(old)}, is ${is}`, orderOf(listed, tags), parts].filter(Boolean).join('; '),
    ...(is !== asBefore && { values: [shownValue(old), shownValue(now), hashtags.join(' ')] }),
  };
};

const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(/[\s,]+/) : [];

const formOf = (value: unknown): string => {
  if (Array.isArray(value)) {
    const isPlain = value.every((item) => item === null || typeof item !== 'object');
    return value.length === 0 ? 'empty list' : isPlain ? 'list' : 'list of lists';
  }
  return isEmpty(value) ? 'nothing' : typeof value === 'object' ? 'no list' : 'text';
};

const orderOf = (old: readonly string[], tags: readonly string[]): string => {
  if (tags.length < 2) return '';
  const isSorted = tags.every((tag, at) => at === 0 || (tags[at - 1] ?? '') <= tag);
  const fold = (tag: string): string => tag.toLowerCase();
  const [oldFolds, folds] = [old.map(fold), tags.map(fold)];
  const first = [...new Set(oldFolds)].filter((tag) => folds.includes(tag));
  const then = folds.filter((tag) => oldFolds.includes(tag));
  const isKept = first.length > 0 && first.join('\n') === then.join('\n');
  return isSorted
    ? isKept
      ? 'sorted, old order'
      : 'sorted'
    : isKept
      ? 'old order'
      : 'other order';
};
