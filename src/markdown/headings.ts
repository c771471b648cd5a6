// SPDX-License-Identifier: GPL-3.0-only
import { plainText } from './plain-text.ts';
import { blankBlocks, htmlTitle } from './prose.ts';
import { linesOf } from './text-lines.ts';

/** A heading: level 1 to 6, its Markdown, and its text without emoji and markup (may be empty). */
export type Heading = { readonly level: number; readonly source: string; readonly text: string };

const atx = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/s;
/** Lines that no paragraph, and so no setext heading, can hold. */
const notParagraph =
  /^(?: {4}|\t| {0,3}(?:>|[-*+](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)|#{1,6}(?:[ \t]|$)|\|))/;
const rule = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
/** Longer lines are no headings for a person. */
const maxLength = 2000;

/** The headings of a body (ATX, setext, and `<h1>` on one line), in order, not those in code or comments. */
export const headingsOf = (body: string): readonly Heading[] => {
  const headings: Heading[] = [];
  const add = (level: number, source: string): void => {
    if (source.length <= maxLength) headings.push({ level, source, text: plainText(source) });
  };
  let paragraph: string[] = [];
  for (const { text } of linesOf(blankBlocks(body))) {
    const short = text.length <= maxLength;
    const marks = short ? atx.exec(text) : null;
    const html = short ? htmlTitle.exec(text) : null;
    const underline = /^ {0,3}(?:(=+)|-+)[ \t]*$/.exec(text);
    if (marks) {
      add(marks[1]?.length ?? 1, marks[2] ?? '');
      paragraph = [];
    } else if (html) {
      add(1, html[1] ?? '');
      paragraph = [];
    } else if (underline && paragraph.length > 0) {
      add(underline[1] ? 1 : 2, paragraph.join(' '));
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

/** The first heading that has any text but hashtags, or is a template's; `undefined` where there is none. */
export const firstHeading = (body: string): Heading | undefined =>
  headingsOf(body).find(
    (heading) =>
      heading.text.replace(/(?:^|\s)#[^\s#]+/g, '').trim() !== '' || isTemplateHeading(heading),
  );

/** Whether a heading is written by a template, so that nobody knows its text. */
export const isTemplateHeading = ({ source }: Heading): boolean => /\{\{|\{%/.test(source);
