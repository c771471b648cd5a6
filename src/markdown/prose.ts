// SPDX-License-Identifier: GPL-3.0-only
import { linesOf } from './text-lines.ts';

/*
 * The parts of a document that are prose, by blanking what is not: the same length and the same
 * line breaks, so that offsets hold. A scanner for what CommonMark, Obsidian and Jekyll have in
 * common; every step is linear in the text.
 */

const fenceOpen = /^((?:[ \t]|>|[-*+] |\d{1,9}[.)] )*)(`{3,}(?=[^`]*$)|~{3,})/;
const listItem = /^((?:[-*+]|\d{1,9}[.)]))([ \t]+|$)/;
/** Tags that begin a block of HTML wherever they stand (CommonMark 0.31.2, HTML blocks, condition 6). */
const blockTag =
  /^ {0,3}<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[ \t>]|\/>|$)/i;
/** Any other tag alone on its line begins one after an empty line (condition 7). */
const loneTag = /^ {0,3}<(?:\/[a-z][\w-]*[ \t]*|[a-z][\w-]*(?:[ \t]+[^<>]*)?)>[ \t]*$/i;
/** Kramdown, Python-Markdown and others read what is inside as Markdown. */
const markdownInside = /\bmarkdown(?:="(?:1|block|span)")?(?=[ \t>])/i;
/** A title in HTML, whole on its line. */
export const htmlTitle = /^ {0,3}<h1(?:[ \t][^<>]*)?>(.*)<\/h1>[ \t]*$/i;

/** Spaces over every character but line breaks. */
const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/**
 * The body with code blocks, blocks of HTML, comments, and `pre`, `script`, `style` and `highlight`
 * blanked; of HTML a title whole on its line stays.
 */
export const blankBlocks = (body: string): string => {
  const elements = blankElements(blankBetween(blankCode(body), /<!--/g, /-->/g), [
    'pre',
    'script',
    'style',
    'textarea',
  ]);
  return blankHtml(blankBetween(blankHighlight(elements), /\{%-?\s*comment\b/g, /endcomment/g));
};

/** The body with all that shows code blanked, and nothing else. */
export const blankShownCode = (body: string): string =>
  blankHighlight(blankElements(blankCode(body), ['pre']));

const blankElements = (body: string, names: readonly string[]): string =>
  names.reduce(
    (text, name) =>
      blankBetween(text, new RegExp(`<${name}(?=[\\s>])`, 'gi'), new RegExp(`</${name}>`, 'gi')),
    body,
  );

const blankHighlight = (body: string): string =>
  blankBetween(body, /\{%-?\s*highlight\b/g, /endhighlight/g);

/** An open fence: its mark, the `>` before it, and the column where the list item around it begins. */
type Fence = { readonly mark: string; readonly quotes: number; readonly column: number };

/** A line behind its `>`: how many those are, the columns of white space, and what follows. */
const partsOf = (text: string) => {
  const quoted = /^(?:[ \t]{0,3}>)*/.exec(text)?.[0] ?? '';
  const inner = text.slice(quoted.length).replace(/^ (?=.)/, quoted === '' ? ' ' : '');
  const space = /^[ \t]*/.exec(inner)?.[0] ?? '';
  const indent = [...space].reduce((at, sign) => (sign === '\t' ? at + 4 - (at % 4) : at + 1), 0);
  return { quotes: quoted.split('>').length - 1, indent, rest: inner.slice(space.length) };
};

/** Where the text of a list item begins, whose marker is at `indent`; none where the line is no item. */
const contentColumn = (indent: number, rest: string): number | undefined => {
  const [, marker, gap = ''] = listItem.exec(rest) ?? [];
  if (marker === undefined) return undefined;
  return indent + marker.length + (gap.length >= 1 && gap.length <= 4 ? gap.length : 1);
};

/** The body with fenced and indented code blanked. A fence ends with the quotation or the list item that it is part of. */
export const blankCode = (body: string): string => {
  const out: string[] = [];
  /** Where the text of each list item around begins, from the outermost. */
  let columns: number[] = [];
  let fence: Fence | undefined;
  let afterBlank = true;
  for (const { text, start, end } of linesOf(body)) {
    const line = body.slice(start, end);
    const empty = text.trim() === '';
    const { quotes, indent, rest } = partsOf(text);
    if (fence && (quotes < fence.quotes || (!empty && indent < fence.column))) fence = undefined;
    if (fence) {
      out.push(blank(line));
      const closing = /^(`{3,}|~{3,})[ \t]*$/.exec(rest)?.[1];
      if (closing?.startsWith(fence.mark)) fence = undefined;
      afterBlank = true;
      continue;
    }
    const around = columns.filter((column) => column <= indent);
    const code: boolean = !empty && afterBlank && indent >= (around.at(-1) ?? 0) + 4;
    const [, before = '', mark] = (code ? null : fenceOpen.exec(text)) ?? [];
    out.push(code || mark ? blank(line) : line);
    if (empty) {
      afterBlank = true;
      continue;
    }
    const item = code ? undefined : contentColumn(indent, rest);
    if (afterBlank || item !== undefined) columns = around;
    if (item !== undefined) columns.push(item);
    if (mark) {
      const isItem = /[-*+.)]/.test(before);
      fence = { mark, quotes, column: (isItem ? item : around.at(-1)) ?? 0 };
    }
    afterBlank = /^#{1,6}(?:[ \t]|$)/.test(rest) || (code && afterBlank);
  }
  return out.join('');
};

/** A block of HTML ends at an empty line. */
const blankHtml = (body: string): string => {
  const out: string[] = [];
  let inside = false;
  let afterBlank = true;
  for (const { text, start, end } of linesOf(body)) {
    const line = body.slice(start, end);
    const empty = text.trim() === '';
    inside = !empty && (inside || beginsHtml(text, afterBlank));
    out.push(inside && !htmlTitle.test(text) ? blank(line) : line);
    afterBlank = empty;
  }
  return out.join('');
};

const beginsHtml = (text: string, afterBlank: boolean): boolean =>
  text.length < 2000 &&
  (blockTag.test(text) || (afterBlank && loneTag.test(text))) &&
  !markdownInside.test(text);

/** Blanks from each match of `open` to the next of `close`, and nothing where there is none. */
const blankBetween = (text: string, open: RegExp, close: RegExp): string => {
  const out: string[] = [];
  let at = 0;
  for (let match = open.exec(text); match; match = open.exec(text)) {
    close.lastIndex = match.index + match[0].length;
    const last = close.exec(text);
    if (!last) break;
    const end = last.index + last[0].length;
    out.push(text.slice(at, match.index), blank(text.slice(match.index, end)));
    at = end;
    open.lastIndex = end;
  }
  return out.join('') + text.slice(at);
};

/** A body already without blocks, with code spans blanked; a span ends within its paragraph. */
export const blankCodeSpans = (text: string): string => {
  const out: string[] = [];
  let paragraphStart = 0;
  for (const line of linesOf(text)) {
    if (line.text.trim() !== '') continue;
    out.push(blankSpansIn(text.slice(paragraphStart, line.end)));
    paragraphStart = line.end;
  }
  return out.join('') + blankSpansIn(text.slice(paragraphStart));
};

const blankSpansIn = (paragraph: string): string => {
  const runs = [...paragraph.matchAll(/`+/g)];
  const closing = closingRuns(runs.map(([ticks]) => ticks.length));
  const out: string[] = [];
  let at = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index];
    const end = closing[index];
    const close = end === undefined ? undefined : runs[end];
    if (!run || end === undefined || !close || paragraph[run.index - 1] === '\\') continue;
    const stop = close.index + close[0].length;
    out.push(paragraph.slice(at, run.index), blank(paragraph.slice(run.index, stop)));
    at = stop;
    index = end;
  }
  return out.join('') + paragraph.slice(at);
};

/** For each run of backticks the next one of the same length. */
const closingRuns = (lengths: readonly number[]): readonly (number | undefined)[] => {
  const next = new Map<number, number>();
  const closing: (number | undefined)[] = [];
  for (let index = lengths.length - 1; index >= 0; index -= 1) {
    const length = lengths[index] ?? 0;
    closing[index] = next.get(length);
    next.set(length, index);
  }
  return closing;
};

const inlines: readonly RegExp[] = [
  /\{\{[^{}]*\}\}/g,
  /\{%[^{}]*%\}/g,
  /\{[:#.][^{}\n]*\}|\{\/\*[^{}\n]*\*\/\}/g,
  /\$\$(?:[^$\n]|\n(?![ \t\r]*\n))*\$\$|\$(?=[^$\s])[^$\n]*(?<=\S)\$(?!\d)/g,
  /!?\[\[[^[\]\n]*\]\]/g,
  /!\[(?:[^[\]\n]|\n(?![ \t\r]*\n))*\](?=[([])/g,
  // What a link shows is prose, where it leads to is not.
  /\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^[\]\n]*\])/g,
  /^ {0,3}\[[^[\]\n]+\]:.*$/gm,
  /<(code|kbd|samp|tt)>[^<\n]*<\/\1>/gi,
  // A tag begins with a letter and ends within its paragraph: `a < b` opens none.
  /<[a-z/!?](?:"[^"<\n]*"|'[^'<\n]*'|[^<>"'\n]|\n(?![ \t\r]*\n))*>/gi,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>]*/giu,
];

/** The prose alone: without blocks, code spans, targets, formulas, HTML tags, Liquid and table lines. */
export const proseOf = (body: string): string =>
  inlines
    .reduce((text, pattern) => text.replace(pattern, blank), blankCodeSpans(blankBlocks(body)))
    .replace(/^ {0,3}\|.*$/gm, (row) => row.replaceAll('|', ' '));
