// SPDX-License-Identifier: GPL-3.0-only
import { Declined } from '../../../src/chore/script.ts';
import { firstParagraph } from '../../../src/markdown/paragraph/first-paragraph.ts';
import { blankBlocks, htmlTitle } from '../../../src/markdown/prose.ts';
import type { KeyAsk } from './asked.ts';
import { lettersOf, readingsOf } from './headings.ts';

/** The text of a note's first paragraph, within the lengths that sentences say. @throws Declined */
export const descriptionIn = (body: string, asks: readonly KeyAsk[]): string => {
  const most = asks.findLast(({ maxLength }) => maxLength !== undefined)?.maxLength ?? 160;
  const least = asks.findLast(({ minLength }) => minLength !== undefined)?.minLength ?? 10;
  const text = shortened(topParagraph(body), least, most);
  if (Array.from(text).length < least) throw new Declined('its first paragraph is too short');
  return text;
};

/** The text of the first paragraph, which a second, coarser reading has to confirm. @throws Declined */
const topParagraph = (body: string): string => {
  const paragraph = firstParagraph(body);
  const source = coarseParagraphs(blankBlocks(body)).find((lines) => wordsOf(lines) !== '');
  if (!paragraph || source === undefined)
    throw new Declined('it has no paragraph that says what it is');
  const words = withoutTargets(source);
  if (/\{\{|\{%/.test(words)) throw new Declined('its first paragraph is written by a template');
  if (!readingsOfProse(source).includes(lettersOf(paragraph.text)))
    throw new Declined('its first paragraph can be read in several ways');
  return paragraph.text;
};

const marks = {
  heading: /^ {0,3}#{1,6}(?:[ \t]|$)/,
  line: /^ {0,3}([-*_=])(?:[ \t]*\1)*[ \t]*$/,
  list: /^ {0,3}(?:[-*+]|\d+[.)])(?:[ \t]|$)|^ {0,3}(?:!!!|\?\?\?)|^ {0,3}\[\^.+?\]:|^ {0,3}\*\[.+?\]:/,
  aside: /^ {0,3}(?:>|\||:[ \t])/,
  fence: /^ {0,3}:::/,
  noise: /^ {0,3}(?:\[[^\]]+\]:|\[\[?_?toc_?\]\]?[ \t]*$|\$\{toc\}[ \t]*$|%%)/i,
};

/** Blocks between blank lines, each cut where something begins that is no paragraph. */
const coarseParagraphs = (text: string): readonly string[] => {
  const found: string[] = [];
  let isList = false;
  let fences = 0;
  for (const block of text.replaceAll(/\r\n?/g, '\n').split(/\n(?:[ \t]*\n)+/)) {
    const rows = block.split('\n').filter((row) => row.trim() !== '');
    isList &&= /^[ \t]/.test(rows[0] ?? ' ');
    let prose: string[] = [];
    let isAside = false;
    const end = (keep: boolean): void => {
      const isTable = prose.some(
        (row, at) => at > 0 && /^[ \t|:-]*-[ \t|:-]*$/.test(row) && row.includes('|'),
      );
      if (keep && !isTable && prose.length > 0)
        found.push(prose.map((row) => row.trim()).join(' '));
      prose = [];
    };
    for (const row of rows) {
      const isTitle = marks.heading.test(row) || htmlTitle.test(row);
      if (marks.fence.test(row)) {
        end(true);
        fences = Math.max(0, fences + (/^ *:+[ \t]*[^: \t]/.test(row) ? 1 : -1));
      } else if (
        isTitle ||
        (marks.line.test(row) && (prose.length > 0 || /(?:[-*_][ \t]*){3}/.test(row)))
      ) {
        end(isTitle || /^ *(?:[*_]|-[ \t]+-)/.test(row));
        isList = false;
        isAside = false;
      } else if (
        marks.list.test(row) &&
        (prose.length === 0 || !/^ {0,3}(?:[02-9]|1\d)\d*[.)]/.test(row))
      ) {
        end(true);
        isList = true;
      } else if (marks.aside.test(row)) {
        end(/^ {0,3}>/.test(row));
        isAside = true;
      } else if (
        !isList &&
        !isAside &&
        fences === 0 &&
        !marks.noise.test(row) &&
        !marks.line.test(row)
      ) {
        prose.push(row);
      }
    }
    end(true);
  }
  return found;
};

/** Letters in the readings that markup allows; code says itself. */
const readingsOfProse = (source: string): readonly string[] => {
  const codes: string[] = [];
  const held = source.replace(/(`+)([^`]+)\1/g, (_, __, code: string) => {
    codes.push(lettersOf(code));
    return `\u{A66E}${codes.length - 1}\u{A66E}`;
  });
  const decoded = withoutMarks(held).replace(
    /&#(x[\da-f]{1,6}|\d{1,7});/gi,
    (all, code: string) => {
      const point = Number(code.replace(/^x/i, '0x'));
      return point <= 0x10ffff ? String.fromCodePoint(point) : all;
    },
  );
  return readingsOf(decoded).map((letters) =>
    letters.replace(/\u{A66E}(\d+)\u{A66E}/gu, (_, at: string) => codes[Number(at)] ?? ''),
  );
};

const withoutTargets = (text: string): string => text.replace(/\]\([^()]*\)/g, ']');

/** Without pictures, footnotes and the names of blocks. */
const withoutMarks = (text: string): string =>
  text
    .replace(/!\[\[[^\]]*\]\]|!\[[^\]]*\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\])/g, ' ')
    .replace(/\[\^[^\]\s]+\]/g, '')
    .replace(/\s\^[\w-]+$/, '');

/** What is left for a reader where a block is only a picture, a tag or what a template puts there. */
const wordsOf = (text: string): string =>
  lettersOf(
    withoutMarks(text)
      .replace(/\{\{.*?\}\}|\{%.*?%\}|\{[:#][^}]*\}/g, ' ')
      .replace(/\[\s*\](?:\([^()]*\)|\[[^\]]*\])/g, ' ')
      .replace(/<\/?[a-z][\w-]*(?:[\s/][^<>]*)?>|&#?\w+;/gi, ' ')
      .replace(/(?:^|\s)#[^\s#]+/g, ' '),
  );

/** The whole text where there is room; else whole sentences, or whole words and an ellipsis. */
const shortened = (text: string, least: number, most: number): string => {
  const letters = Array.from(text);
  if (letters.length <= most) return text;
  const room = letters.slice(0, most).join('');
  let sentences = '';
  for (const { index, 0: end } of text.matchAll(
    /[。！？]|[.!?…]["'”’»)\]]*(?=\s+(?!\p{Ll}|\s))/gu,
  )) {
    const upTo = text.slice(0, index + end.length);
    if (Array.from(upTo).length > most) break;
    sentences = upTo;
  }
  const size = Array.from(sentences).length;
  if (size >= least && 2 * size >= most) return sentences;
  const parts = room.split(/(\s+)/).slice(0, -1);
  for (let count = parts.length; count > 0; count -= 1) {
    const words = parts
      .slice(0, count)
      .join('')
      .replace(/[\s,;:–—([-]+$/u, '');
    if (words !== '' && Array.from(words).length < most) return `${words}…`;
  }
  let count = most - 1;
  while (count > 1 && /^(?:\p{M}|\u200C|\u200D)/u.test(letters[count] ?? '')) count -= 1;
  return `${letters.slice(0, count).join('')}…`;
};
