// SPDX-License-Identifier: GPL-3.0-only
import { plainText } from '../plain-text.ts';
import { blankBlocks, htmlTitle } from '../prose.ts';
import { linesOf } from '../text-lines.ts';

/** A paragraph: its lines as they stand, one space between, and what a reader sees of it. */
export type Paragraph = { readonly source: string; readonly text: string };

const heading = /^ {0,3}#{1,6}(?:[ \t]|$)/;
const underline = /^ {0,3}(?:=+|-+)[ \t]*$/;
const rule = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const item = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
/** An item below a line of a paragraph; `2.` there is part of its text. */
const nextItem = /^ {0,3}(?:[-*+]|1[.)])[ \t]+\S/;
/** `!!! note`, a footnote, an abbreviation: indented lines below belong to it, as to an item of a list. */
const holder = /^ {0,3}(?:(?:!!!|\?\?\?\+?)[ \t]|\[\^[^\]]+\]:|\*\[[^\]]+\]:)/;
/** A quotation, a row, and the text of a definition. */
const other = /^ {0,3}(?:>|\||:[ \t])/;
const container = /^ {0,3}:{3,}[ \t]*(.*)$/;
const definition = /^ {0,3}\[[^\]]+\]:/;
const contents = /^ {0,3}(?:\[\[?_?toc_?\]?\]|\$\{toc\})[ \t]*$/i;
const delimiters = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/**
 * The first paragraph of a body with words of its own: no heading, list, code, image, HTML, quotation,
 * admonition, table or tags alone. `undefined` where there is none.
 */
export const firstParagraph = (body: string): Paragraph | undefined => {
  for (const lines of paragraphsOf(blankBlocks(body))) {
    const paragraph = read(lines, body);
    if (isReal(paragraph)) return paragraph;
  }
  return undefined;
};

/** Whether a template writes part of it, so that nobody knows its text. Where links lead does not matter. */
export const isTemplateParagraph = ({ source }: Paragraph): boolean =>
  /\{\{|\{%/.test(source.replace(/\]\([^()]*\)/g, ']'));

function* paragraphsOf(body: string): Generator<readonly string[]> {
  let open: string[] = [];
  let isSkipping = false;
  let isHeld = false;
  let depth = 0;
  let afterBlank = true;
  for (const { text } of linesOf(body)) {
    const [colons, name] = container.exec(text) ?? [];
    const isBlank = text.trim() === '';
    const isMark = heading.test(text) || rule.test(text) || htmlTitle.test(text);
    const isItem = (open.length > 0 ? nextItem : item).test(text) || holder.test(text);
    const isOther = other.test(text);
    const isLine = underline.test(text);
    const isEnd = isBlank || isMark || isItem || isOther || colons !== undefined;
    if (open.length > 0 && (isEnd || isLine)) {
      const isRow = isOther && !/^ {0,3}>/.test(text);
      if (!isLine && !isRow) yield open;
      open = [];
    }
    if (isMark || (afterBlank && !isBlank && !/^[ \t]/.test(text))) isHeld = false;
    if (isMark || isBlank) isSkipping = false;
    if (colons !== undefined) depth = Math.max(0, depth + (name ? 1 : -1));
    if (isItem) isHeld = true;
    else if (isOther) isSkipping = true;
    else if (!isEnd && !isLine && !isSkipping && !isHeld && depth === 0) open.push(text);
    afterBlank = isBlank;
  }
  if (open.length > 0) yield open;
}

const read = (lines: readonly string[], body: string): Paragraph => {
  if (lines.some((line, at) => at > 0 && line.includes('|') && delimiters.test(line)))
    return { source: '', text: '' };
  const source = lines
    .filter((line) => !definition.test(line) && !contents.test(line))
    .map((line) => line.trim().replace(/(?<!\\)\\$/, ''))
    .join(' ')
    .trim();
  return { source, text: plainText(withoutPictures(source, body)) };
};

/** Code apart, nothing but words and links: no picture, no mark of a footnote or a block. */
const withoutPictures = (source: string, body: string): string =>
  source
    .split(/(`+[^`]+`+)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replace(/!\[\[[^[\]]*\]\]/g, ' ')
            .replace(/!\[[^[\]]*\](?:\([^()]*(?:\([^()]*\)[^()]*)?\)|\[[^[\]]*\])/g, ' ')
            .replace(/\[\^[^[\]\s]+\]/g, '')
            .replace(/(?<![\]!\\[])\[([^[\]]+)\](?![([:])/g, (all, name: string) =>
              isDefined(name, body) ? name : all,
            ),
    )
    .join('')
    .replace(/(?<=\S)[ \t]+\^[\w-]+$/, '');

const isDefined = (name: string, body: string): boolean =>
  body.split(/\r\n|\n|\r/).some((line) => {
    const label = /^ {0,3}\[([^[\]]+)\]:[ \t]*\S/.exec(line)?.[1];
    return label?.toLowerCase() === name.toLowerCase();
  });

/** Words of its own, or of a template among other words. */
const isReal = (paragraph: Paragraph): boolean => {
  const words = paragraph.text.replace(/(?:^|\s)#[^\s#]+/g, ' ');
  return /[\p{L}\p{N}]/u.test(words) && !/^%%/.test(paragraph.source);
};
