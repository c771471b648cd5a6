// SPDX-License-Identifier: GPL-3.0-only
import type { Refused } from '../decode-markdown.ts';
import { firstParagraph, isTemplateParagraph } from './first-paragraph.ts';

/** Least and most characters of a description, where nobody says others. */
export const usualLengths = { min: 10, max: 160 } as const;

export type Lengths = { readonly min: number; readonly max: number };

/** The first paragraph as one line of text, cut at the end of a sentence or word where it is longer. */
export const descriptionOf = (
  body: string,
  { min, max }: Lengths,
  key: string,
): string | Refused => {
  const paragraph = firstParagraph(body);
  if (!paragraph) return { refused: `has no paragraph to take the ${key} from` };
  if (isTemplateParagraph(paragraph))
    return { refused: 'has a first paragraph with template code, whose text nobody can know' };
  const text = cut([...paragraph.text], min, max);
  return [...text].length < min
    ? { refused: `has a first paragraph of less than ${min} characters, too short for a ${key}` }
    : text;
};

/** A sentence that fills at least half the length, else as many words as there is room for, with `…`. */
const cut = (characters: readonly string[], min: number, max: number): string => {
  if (characters.length <= max) return characters.join('');
  const least = Math.max(min, Math.ceil(max / 2));
  for (let length = max; length >= least; length -= 1) {
    const [sentence, rest] = [characters.slice(0, length), characters.slice(length, length + 3)];
    if (endsSentence(sentence.join(''), rest.join(''))) return sentence.join('');
  }
  const room = characters.slice(0, max).join('');
  const words = /^.*\S(?=\s)/su.exec(room)?.[0] ?? '';
  const whole = words.replace(/[\s,;:\u2013\u2014([-]+$/u, '');
  return `${whole === '' ? unspaced(characters, max - 1) : whole}…`;
};

const endsSentence = (sentence: string, rest: string): boolean =>
  /[。！？]$/u.test(sentence) ||
  (/[.!?…]["'”’»)\]]*$/u.test(sentence) && /^\s+(?!\p{Ll})/u.test(rest));

/** Text without blanks, cut where no mark is parted from its letter. */
const unspaced = (characters: readonly string[], most: number): string => {
  let length = most;
  while (length > 1 && /^[\p{M}\u200C\u200D]/u.test(characters[length] ?? '')) length -= 1;
  return characters.slice(0, length).join('');
};
