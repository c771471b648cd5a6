// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../data/printable.ts';

/**
 * Text that others wrote as Markdown of one line that says it and does nothing: no markup, HTML,
 * link or formula, and for a forge neither a mention (`@name`) nor a reference that could close an
 * issue (`#12`, a URL). Forges look for those after Markdown, so an escape alone does not hide them.
 */
export const inlineText = (text: string): string =>
  printable(text)
    .split(plainSpans)
    .map((part, index) => (index % 2 === 1 ? part : escapeMarks(part)))
    .join('');

/** A name or path in backticks stays one: nothing inside such a span is acted on. */
const plainSpans = /(`[\w./-]{1,100}`)/;

const escapeMarks = (text: string): string =>
  text
    .replace(/[\\`*_[\]<>#|~&$!]/g, '\\$&')
    .replace(/@(?=\w)|#(?=\d)|\bGH-(?=\d)|:\/(?=\/)|\bwww(?=\.)/gi, '$&\u200b');

/** Text that others wrote as a code span. */
export const codeSpan = (text: string): string => `\`${printable(text).replaceAll('`', '?')}\``;
