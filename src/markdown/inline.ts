// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../data/printable.ts';

/**
 * Text that others wrote as Markdown of one line that says it and does nothing: no markup, HTML,
 * link or formula, and for a forge neither a mention (`@name`) nor a reference that could close an
 * issue (`#12`, a URL). Forges look for those after Markdown, so an escape alone does not hide them.
 */
export const inlineText = (text: string): string =>
  printable(text)
    .replace(/[\\`*_[\]<>#|~&$!]/g, '\\$&')
    .replace(/@(?=\w)|#(?=\d)|\bGH-(?=\d)|:\/(?=\/)|\bwww(?=\.)/gi, '$&\u200b');

/** Text that others wrote as a code span. */
export const codeSpan = (text: string): string => `\`${printable(text).replaceAll('`', '?')}\``;
