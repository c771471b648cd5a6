// SPDX-License-Identifier: GPL-3.0-only
import { decodeUtf8 } from '../data/decode-utf8.ts';

const short: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

const long: Readonly<Record<string, number>> = {
  ...Object.fromEntries(Object.entries(short).map(([byte, text]) => [text[1], Number(byte)])),
};

const quoteByte = (byte: number): string =>
  short[byte] ??
  (byte < 0x20 || byte >= 0x7f
    ? `\\${byte.toString(8).padStart(3, '0')}`
    : String.fromCharCode(byte));

/** A name as git always quotes it: between `"`, special and non-ASCII bytes escaped. */
export const cQuote = (name: string | Uint8Array): string =>
  `"${Array.from(typeof name === 'string' ? Buffer.from(name) : name, quoteByte).join('')}"`;

/** A name as git prints it (`core.quotePath`): quoted only where it holds something special. */
export const cQuoteIfNeeded = (name: string): string =>
  /^[ !#-[\]-~]*$/.test(name) ? name : cQuote(name);

/**
 * Undoes `cQuote` at the start of `text`; `rest` is what follows the closing quote. `undefined` when
 * the quoting is broken or the bytes are not UTF-8.
 */
export const cUnquote = (text: string): { name: string; rest: string } | undefined => {
  const quoted = /^"((?:[^"\\]|\\(?:[abtnvfr"\\]|[0-3][0-7]{2}))*)"/.exec(text);
  if (!quoted) return undefined;
  const bytes: Uint8Array[] = [];
  for (const [part] of (quoted[1] ?? '').matchAll(/[^\\]+|\\(?:[0-7]{3}|.)/g)) {
    const octal = /^\\([0-7]{3})$/.exec(part)?.[1];
    const byte = octal === undefined ? long[part[1] ?? ''] : Number.parseInt(octal, 8);
    bytes.push(part.startsWith('\\') ? Uint8Array.of(byte ?? 0) : Buffer.from(part));
  }
  const name = decodeUtf8(Buffer.concat(bytes));
  return name === undefined ? undefined : { name, rest: text.slice(quoted[0].length) };
};
