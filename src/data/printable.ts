// SPDX-License-Identifier: GPL-3.0-only
import { stripVTControlCharacters } from 'node:util';

/**
 * Text that others wrote as one line that a terminal, an editor or a page shows and does not act
 * on: no control or escape sequences, no marks that turn the direction of writing (Trojan Source,
 * CVE-2021-42574), no line breaks.
 */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
