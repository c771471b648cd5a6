// SPDX-License-Identifier: GPL-3.0-only
import { stripVTControlCharacters } from 'node:util';

/**
 * Text that others wrote as one line that a terminal, an editor or a page shows and does not act
 * on: no escape sequences or control characters, no line breaks, and no marks that turn the
 * direction of writing (Trojan Source, CVE-2021-42574).
 */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/[\t-\r\u0085\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();

/** The same line by line, for messages of several lines; each keeps its indent. */
export const printableLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => `${/^ */.exec(line)?.[0]}${printable(line)}`)
    .join('\n');
