// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { type Refused, textRefusal } from '../markdown/decode-markdown.ts';
import { type HeaderStyle, headerOffset } from './header-place.ts';
import { remarksOf } from './licence-claims.ts';

type HeaderPlace = { readonly whole: string; readonly offset: number; readonly style: HeaderStyle };

/** Where in a text a header belongs, or why the file can take none. `style` is how its type writes comments. */
export const headerPlace = (
  path: string,
  text: string | undefined,
  style: HeaderStyle | undefined,
): HeaderPlace | Refused => {
  if (isLicenceText(path, style)) return { refused: 'is a licence or a notice itself' };
  if (!style) return { refused: 'is of a type whose comments are not known' };
  if (text === undefined) return { refused: 'is not UTF-8 text' };
  const reason = textRefusal(text) ?? madeByTool(path, text, style) ?? readByTool(text);
  if (reason !== undefined) return { refused: reason };
  const offset = headerOffset(path, text);
  return typeof offset === 'object' ? offset : { whole: text, offset, style };
};

/** `LICENSE`, `COPYING.md`, `LICENSES/MIT.txt`; but `licence.ts` is code about licences. */
const isLicenceText = (path: string, style: HeaderStyle | undefined): boolean =>
  (style === undefined || style === 'html') &&
  (/^(?:un)?licen[cs]e(?![a-z])|^(?:copying|copyright|notice)(?![a-z])/iu.test(
    posix.basename(path),
  ) ||
    /(?:^|\/)LICEN[CS]ES\//u.test(path));

const maxLine = 5000;

const madeByTool = (path: string, text: string, style: HeaderStyle): string | undefined => {
  const mark = remarksOf(path, text, style).find((one) =>
    /\bdo not edit\b|@generated\b/iu.test(one.text),
  );
  if (mark) {
    return `is generated (line ${mark.line}: ${JSON.stringify(mark.text.trim().slice(0, 80))}); let its generator write the header`;
  }
  if (/(?:^|\/)pnpm-lock\.yaml$/u.test(path)) return 'is generated';
  const isLong = (line: string): boolean => line.length > maxLine;
  const isMinified =
    /\.min\.\w+$/iu.test(path) ||
    (!/\.(?:md|markdown)$/iu.test(path) && text.split(/[\r\n]/u).some(isLong));
  return isMinified ? 'is minified; put the header into what it is made from' : undefined;
};

const pragma = /@(?:jest-[\w-]+|(?:no)?(?:format|prettier|flow)\b)/u;

/** Jest, Prettier and Flow read the first comment alone; a comment above it would switch off what it says. */
const readByTool = (text: string): string | undefined => {
  const [first = ''] = /^\uFEFF?(?:#![^\r\n]*)?\s*\/\*(?:(?!\*\/)[\s\S])*\*\//u.exec(text) ?? [];
  const read = pragma.exec(first)?.[0];
  if (read !== undefined) {
    return `begins with a comment that a tool reads (${read}), which a header would undo; write it into that comment`;
  }
  return text.startsWith('\uFEFF#!')
    ? 'has a byte order mark before #!; take the mark away'
    : undefined;
};
