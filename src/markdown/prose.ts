// SPDX-License-Identifier: GPL-3.0-only
import { linesOf } from './text-lines.ts';

/*
 * The parts of a document that are prose, by blanking what is not: the same length and the same
 * line breaks, so that offsets hold. A scanner for what CommonMark, Obsidian and Jekyll have in
 * common; every step is linear in the text.
 */

const fenceOpen = /^(?:[ \t]|>|[-*+] |\d{1,9}[.)] )*(`{3,}(?=[^`]*$)|~{3,})/;
const listItem = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;

/** Spaces over every character but line breaks. */
const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/** The body with code blocks, comments, and `pre`, `script`, `style` and `highlight` blanked. */
export const blankBlocks = (body: string): string => {
  const elements = ['pre', 'script', 'style'].reduce(
    (text, name) => blankBetween(text, new RegExp(`<${name}(?=[\\s>])`, 'giu'), `</${name}>`),
    blankBetween(blankFences(body), /<!--/g, '-->'),
  );
  const highlighted = blankBetween(elements, /\{%-?\s*highlight\b/g, 'endhighlight');
  return blankBetween(highlighted, /\{%-?\s*comment\b/g, 'endcomment');
};

const blankFences = (body: string): string => {
  const out: string[] = [];
  let mark: string | undefined;
  let inList = false;
  let afterBlank = true;
  for (const { text, start, end } of linesOf(body)) {
    const line = body.slice(start, end);
    if (mark !== undefined) {
      out.push(blank(line));
      const closing = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/.exec(text)?.[1];
      if (closing?.startsWith(mark)) mark = undefined;
      afterBlank = true;
      continue;
    }
    const indented = /^(?: {4}| {0,3}\t)/.test(text);
    const empty = text.trim() === '';
    const code = indented && !empty && afterBlank && !inList;
    const open = code ? undefined : fenceOpen.exec(text)?.[1];
    if (open) mark = open;
    out.push(code || open ? blank(line) : line);
    if (!empty && !code) {
      if (listItem.test(text)) inList = true;
      else if (afterBlank && !/^[ \t]/.test(text)) inList = false;
      afterBlank = /^ {0,3}#{1,6}(?:[ \t]|$)/.test(text);
    } else if (empty) afterBlank = true;
  }
  return out.join('');
};

/** Blanks from each match of `open` to the next `close`, and to the end where there is none. */
const blankBetween = (text: string, open: RegExp, close: string): string => {
  const lower = text.toLowerCase();
  const out: string[] = [];
  let at = 0;
  open.lastIndex = 0;
  for (let match = open.exec(text); match; match = open.exec(text)) {
    const stop = lower.indexOf(close, match.index + match[0].length);
    if (stop < 0) break;
    const end = stop + close.length;
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
  /\{:[^{}\n]*\}|\{#[^{}\n]*\}/g,
  /!?\[\[[^[\]\n]*\]\]/g,
  /!?\[(?:[^[\]\n]|\n(?![ \t\r]*\n))*\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[[^[\]\n]*\])/g,
  /^ {0,3}\[[^[\]\n]+\]:.*$/gm,
  // A tag begins with a letter and ends within its paragraph: `a < b` opens none.
  /<[a-z/!?](?:[^<>\n]|\n(?![ \t\r]*\n))*>/gi,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>]*/giu,
];

/** The prose alone: without blocks, code spans, links, addresses, HTML tags and Liquid. */
export const proseOf = (body: string): string =>
  inlines.reduce(
    (text, pattern) => text.replace(pattern, blank),
    blankCodeSpans(blankBlocks(body)),
  );
