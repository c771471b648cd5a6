// SPDX-License-Identifier: GPL-3.0-only
import { plainText } from './plain-text.ts';
import { blankBlocks } from './prose.ts';
import { linesOf } from './text-lines.ts';

/** A heading: level 1 to 6 and its text without emoji and markup (may be empty). */
export type Heading = { readonly level: number; readonly text: string };

const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
/** Lines that no paragraph, and so no setext heading, can hold. */
const notParagraph =
  /^(?: {4}|\t| {0,3}(?:>|[-*+](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)|#{1,6}(?:[ \t]|$)|\|))/;
const rule = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;

/** The headings of a body (ATX and setext), in order, not those in code or comments. */
export const headingsOf = (body: string): readonly Heading[] => {
  const headings: Heading[] = [];
  let paragraph: string[] = [];
  for (const { text } of linesOf(blankBlocks(body))) {
    const marks = text.length > 2000 ? null : atx.exec(text);
    const underline = /^ {0,3}(?:(=+)|-+)[ \t]*$/.exec(text);
    if (marks) {
      headings.push({ level: marks[1]?.length ?? 1, text: plainText(marks[2] ?? '') });
      paragraph = [];
    } else if (underline && paragraph.length > 0) {
      const joined = paragraph.join(' ');
      const level = underline[1] ? 1 : 2;
      if (joined.length <= 2000) headings.push({ level, text: plainText(joined) });
      paragraph = [];
    } else if (text.trim() === '' || rule.test(text)) {
      paragraph = [];
    } else if (!notParagraph.test(text) || (paragraph.length > 0 && /^(?: {4}|\t)/.test(text))) {
      paragraph.push(text.trim());
    } else {
      paragraph = [];
    }
  }
  return headings;
};

/** Text of the first heading that has any; `undefined` where there is none. */
export const firstHeading = (body: string): string | undefined =>
  headingsOf(body).find(({ text }) => text !== '')?.text;
