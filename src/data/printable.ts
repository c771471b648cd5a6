// SPDX-License-Identifier: GPL-3.0-only

/**
 * Text that others wrote as one line that a terminal, an editor or a page shows and does not act
 * on: no escape sequences or control characters, no line breaks, and no marks that turn the
 * direction of writing (Trojan Source, CVE-2021-42574).
 */
export const printable = (text: string): string =>
  withoutEscapes(text)
    .replace(/[\t-\r\u0085\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();

/** The same line by line, for messages of several lines; each keeps its indent. */
export const printableLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => `${/^ */.exec(line)?.[0]}${printable(line)}`)
    .join('\n');

/** Takes out ECMA-48 sequences in one pass; Node's own way is quadratic on unfinished ones. */
export const withoutEscapes = (text: string): string => {
  const long = text.replaceAll('\u009b', '\u001b[').replaceAll('\u009d', '\u001b]');
  const [first = '', ...rest] = long.split('\u001b');
  return first + rest.map(afterEscape).join('');
};

/** What is left of the text after an ESC, up to the next one. */
const afterEscape = (text: string): string => {
  if (text.startsWith('[')) return text.replace(/^\[[0-?]*[ -/]*[@-~]?/, '');
  if (!/^[P\]X^_]/.test(text)) return text.slice(1);
  // A command string ends with BEL or with ESC \, which begins the next piece.
  const end = text.indexOf('\u0007');
  return end < 0 ? '' : text.slice(end + 1);
};
