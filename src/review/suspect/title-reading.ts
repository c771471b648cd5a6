// SPDX-License-Identifier: GPL-3.0-only
import { keyValue } from '../../markdown/frontmatter.ts';
import { firstHeading } from '../../markdown/headings.ts';
import { firstHeadingText, nameInWords } from '../../markdown/note-title.ts';
import { isEmpty } from '../../markdown/rules.ts';
import { sameValue } from '../../markdown/yaml-value.ts';
import { asBefore, askedTexts, type NotePatch, type PatchReading } from './reading.ts';

/** Where the title before and the title after stand in the note, and what heading it has. */
export const readTitle = ({ path, before, after, asked }: NotePatch): PatchReading => {
  const [old, now] = [keyValue(before.parsed, 'title'), keyValue(after.parsed, 'title')];
  const level = firstHeading(before.body)?.level;
  const text = firstHeadingText(before.body, 'title');
  const heading = typeof text === 'string' ? text : undefined;
  const fileName = nameInWords(path);
  const texts = askedTexts(asked);
  const originOf = (value: unknown): string => {
    if (isEmpty(value)) return 'nothing';
    if (typeof value === 'object') return 'no text';
    const title = String(value);
    if (title === heading) return level === 1 ? 'heading' : 'low heading';
    if (title === fileName) return 'file name';
    return texts.has(title) ? 'asked' : 'other text';
  };
  const is = sameValue(old, now) ? asBefore : originOf(now);
  const offers = level === undefined ? 'no heading' : level === 1 ? 'heading' : 'low heading';
  return {
    says: `was ${originOf(old)}, is ${is}; note has ${offers}`,
    ...(is !== asBefore && { values: [shownValue(old), shownValue(now), heading ?? ''] }),
  };
};

/** A value of frontmatter as a reader sees it. */
export const shownValue = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : (JSON.stringify(value) ?? '');
