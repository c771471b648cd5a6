// SPDX-License-Identifier: GPL-3.0-only
import { Declined } from '../../../src/chore/script.ts';
import { isSameKey } from '../../../src/markdown/frontmatter.ts';
import {
  firstParagraph,
  isTemplateParagraph,
} from '../../../src/markdown/paragraph/first-paragraph.ts';
import type { DocRules } from '../../../src/markdown/rules.ts';
import type { Said } from './requests.ts';
import type { Note } from './sources.ts';

/** Whether a key that has no value is what the first paragraph says: as sentences want it, or a description. */
export const tellsOf = (name: string, sayings: readonly Said[], rules: DocRules): boolean => {
  if (sayings.some(({ from }) => from === 'first-paragraph')) return true;
  const isGiven = Object.keys(rules.defaults).some((key) => isSameKey(key, name));
  const isPlain = sayings.every(({ value, oneOf, shape, from }) =>
    [value, oneOf, shape, from].every((one) => one === undefined),
  );
  const isWanted = sayings.some(
    ({ state, minLength, maxLength }) =>
      state === 'present' || (minLength ?? maxLength) !== undefined,
  );
  return isSameKey(name, 'description') && isWanted && isPlain && !isGiven;
};

/** What the first paragraph says, in so many characters as sentences let it have. @throws Declined */
export const lead = ({ body }: Note, sayings: readonly Said[], name: string): string => {
  const paragraph = firstParagraph(body);
  if (!paragraph || isTemplateParagraph(paragraph))
    throw new Declined(`no paragraph gives its ${name}`);
  const said = Object.assign({ minLength: 10, maxLength: 160 }, ...sayings) as Said;
  const [least, most] = [Number(said.minLength), Number(said.maxLength)];
  const text = shorten(paragraph.text, least, most);
  if ([...text].length < least)
    throw new Declined(`the first paragraph is too short for a ${name}`);
  return text;
};

/** Goes through the characters once, and keeps the last place where a sentence or a word ends. */
const shorten = (text: string, least: number, most: number): string => {
  const signs = [...text];
  if (signs.length <= most) return text;
  let sentence = 0;
  let word = 0;
  let isClosed = false;
  for (let at = 0; at < most; at += 1) {
    const [sign = '', next = '', after = ''] = signs.slice(at, at + 3);
    isClosed = '.!?…'.includes(sign) || (isClosed && '"\'”’»)]'.includes(sign));
    const isEnd = isClosed && /\s/.test(next) && !/\p{Ll}/u.test(after);
    if ('。！？'.includes(sign) || isEnd) sentence = at + 1;
    if (/\s/.test(sign)) word = at;
  }
  if (sentence >= least && sentence >= most / 2) return signs.slice(0, sentence).join('');
  while (word > 0 && /[\s,;:–—([-]/.test(signs[word - 1] ?? '')) word -= 1;
  if (word > 0) return `${signs.slice(0, word).join('')}…`;
  let letters = most - 1;
  while (letters > 1 && /[\p{M}\u200C\u200D]/u.test(signs[letters] ?? '')) letters -= 1;
  return `${signs.slice(0, letters).join('')}…`;
};
