// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../src/spec/intent-kinds.ts';
import { namesLicence } from '../../src/spec/licence.ts';

export type HeaderIntent = Extract<Intent, { kind: 'header' }>;

const htmlComment = /^<!--((?:(?!--)[\s\S])*)-->[ \t]*(?:\s*)$/;
const forms: readonly (readonly [files: RegExp, form: RegExp])[] = [
  [/\.(?:md|markdown|html?|xml|svg)$/i, htmlComment],
  [/\.(?:ya?ml|sh|bash|py|rb|toml)$/i, /^(?:#(?!!)[^\r\n]*(?:\r\n|\n|\r|$))+\s*$/],
  [
    /\.(?:[cm]?[jt]sx?|css|scss|java|go|rs|c|h|cpp|cs|kt|swift)$/i,
    /^(?:(?:\/\/[^\r\n]*(?:\r\n|\n|\r|$))+|\/\*(?:(?!\*\/)[\s\S])*\*\/)\s*$/,
  ],
];

/** Whether the text is one comment of the file's type and nothing else. */
const isComment = (path: string, text: string): boolean =>
  forms.some(([files, form]) => files.test(path) && form.test(text));

/**
 * The comment that was put into `base`, before its first line or one of the next few (a `#!` line
 * stays first); `undefined` where the two differ in any other way.
 */
export const insertedComment = (
  path: string,
  base: string,
  patched: string,
): string | undefined => {
  for (let at = 0, line = 0; line < 4 && at >= 0; line += 1) {
    const added = patched.length - base.length;
    if (added > 0 && patched.startsWith(base.slice(0, at)) && patched.endsWith(base.slice(at))) {
      const comment = patched.slice(at, at + added);
      if (isComment(path, comment)) return comment;
    }
    const next = base.indexOf('\n', at);
    if (next < 0 || next + 1 >= base.length) break;
    at = next + 1;
  }
  return undefined;
};

/** What of the header is not said by a comment, or at the top of a text that already had it. */
export const findUnsaid = (
  comment: string,
  { licence, text }: HeaderIntent,
): string | undefined => {
  const plain = (value: string): string => value.replace(/[\s/*#<>!-]+/g, ' ').trim();
  if (text !== undefined && !plain(comment).includes(plain(text)))
    return 'the header says something else';
  if (licence !== undefined && !namesLicence(comment, licence))
    return `the header does not name ${licence}`;
  return /licen[cs]e|copyright|spdx/i.test(comment) || text !== undefined
    ? undefined
    : 'there is no licence header';
};

/** The comments a text begins with, for files that had a header before. */
export const commentsOnTop = (text: string): string =>
  /^(?:\s*(?:<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|(?:\/\/|#)[^\r\n]*(?:[\r\n]|$)))*/.exec(
    text.slice(0, 8192),
  )?.[0] ?? '';
