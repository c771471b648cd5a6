// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../src/chore/intent-kinds.ts';
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

const isMarkdown = (path: string): boolean => /\.(?:md|markdown)$/i.test(path);

/** Whether the text is one comment of the file's type and nothing else. */
const isComment = (path: string, text: string): boolean =>
  forms.some(([files, form]) => files.test(path) && form.test(text));

/** Lines that a file type may need first: `#!`, a coding line, a declaration. */
const leading = /^(?:#[^\r\n]*|<[?!](?!--)[^\r\n]*|@charset [^\r\n]*)\r?\n$/;

/**
 * The comment that was put on top of `base`, after no more than such lines as must stay first;
 * `undefined` where the two differ in any other way. In Markdown `base` is the text below the
 * frontmatter.
 */
export const insertedComment = (
  path: string,
  base: string,
  patched: string,
): string | undefined => {
  const added = patched.length - base.length;
  const places = isMarkdown(path) ? 1 : 4;
  for (let at = 0, place = 0; place < places; place += 1) {
    if (added > 0 && patched.startsWith(base.slice(0, at)) && patched.endsWith(base.slice(at))) {
      const comment = patched.slice(at, at + added);
      if (isComment(path, comment)) return comment;
    }
    const next = base.indexOf('\n', at) + 1;
    if (next === 0 || !leading.test(base.slice(at, next))) break;
    at = next;
  }
  return undefined;
};

/** What of the header is missing in a comment, or at the top of a text that already had it. */
export const findUnsaid = (
  comment: string,
  { licence, text }: HeaderIntent,
): string | undefined => {
  const plain = (value: string): string => value.replace(/[\s/*#<>!-]+/g, ' ').trim();
  if (text !== undefined && !plain(comment).includes(plain(text)))
    return 'the header has a different text';
  if (licence !== undefined && !namesLicence(comment, licence))
    return `the header does not name ${licence}`;
  return /licen[cs]e|copyright|spdx/i.test(comment) || text !== undefined
    ? undefined
    : 'there is no licence header';
};

/** The comments a text begins with, for files that had a header before. */
export const commentsOnTop = (path: string, text: string): string => {
  const marks = isMarkdown(path) ? onTop.markdown : onTop.other;
  return marks.exec(text.slice(0, 8192))?.[0] ?? '';
};

const onTop = {
  // Four spaces would make code of it.
  markdown: /^(?:(?:[ \t]*\r?\n)* {0,3}<!--[\s\S]*?-->)*/,
  other: /^(?:\s*(?:<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|(?:\/\/|#)[^\r\n]*(?:[\r\n]|$)))*/,
};
