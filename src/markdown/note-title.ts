// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type { Refused } from './decode-markdown.ts';
import { firstHeading, type Heading, isTemplateHeading } from './headings.ts';

/** File name without its last extension. */
export const fileStem = (path: string): string => posix.parse(path).name;

/**
 * A file's name in words: `my-first_note.md` is "My first note". Names with spaces are words already,
 * `-` between digits is part of a number or date, and the date that Jekyll puts before a name is not
 * part of it. A first word with capitals of its own, such as `iPhone`, stays as it is.
 */
export const nameInWords = (path: string): string => {
  const stem = fileStem(path).normalize('NFC');
  const name = stem.replace(/^\d{4}-\d\d-\d\d[-_](?=[^-_])/, '');
  const words = /\s/.test(name)
    ? name.trim()
    : name
        .replace(/[-_]+/g, (mark, at: number) =>
          /\d/.test(name[at - 1] ?? '') && /\d/.test(name[at + mark.length] ?? '') ? mark : ' ',
        )
        .trim();
  if (words === '') return stem;
  const first = /^\S+/.exec(words)?.[0] ?? '';
  return first === first.toLowerCase() ? capitalise(words) : words;
};

/** Georgian has capitals, but no word begins with one. */
const capitalise = (words: string): string =>
  words.replace(/^(?!\p{Script=Georgian})\p{Ll}/u, (letter) => {
    const capital = letter.toUpperCase();
    return capital.length === letter.length ? capital : letter;
  });

/** The title of a note that has none: a heading of level 1 above all others, else its file name in words. */
export const noteTitle = (body: string, path: string): string | Refused => {
  const heading = firstHeading(body);
  return heading?.level === 1 ? headingText(heading) : nameInWords(path);
};

/** The text of a note's first heading, of any level, for a key that takes it. */
export const firstHeadingText = (body: string, key: string): string | Refused => {
  const heading = firstHeading(body);
  return heading ? headingText(heading) : { refused: `has no heading to take the ${key} from` };
};

const headingText = (heading: Heading): string | Refused =>
  isTemplateHeading(heading)
    ? { refused: 'has a heading with template code, whose text nobody can know' }
    : heading.text;
