// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../../../src/chore/intent-kinds.ts';

export type HeaderIntent = Extract<Intent, { kind: 'header' }>;

const slashes = /^(?:(?:\/\/[^\n]*\n)+|\/\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\r?\n)(?:\r?\n)?/;
const markup = /^<!--(?:(?!-->)[\s\S])*-->[ \t]*(?:\r?\n|$)(?:\r?\n)?/;
const hashes = /^(?:#(?!!)[^\n]*\n)+(?:\r?\n)?/;
const block = /^\/\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\r?\n(?:\r?\n)?/;

const comments: readonly (readonly [RegExp, RegExp])[] = [
  [/\.(?:md|markdown|html?|xml|svg|vue)$/i, markup],
  [/\.(?:[cm]?[jt]sx?|go|rs|java|c|h|cc|cpp|cs|swift|kt|scss|jsonc)$/i, slashes],
  [/\.(?:ya?ml|py|sh|bash|rb|toml|pl|conf)$/i, hashes],
  [/\.css$/i, block],
];

/** The comment a text opens with, in the comment form of the file's kind; '' where there is none. */
const leadingComment = (text: string, path: string): string => {
  const form = comments.find(([name]) => name.test(path))?.[1];
  return form?.exec(text)?.[0] ?? '';
};

const lineEnd = (line: string): string => /\r?\n$/.exec(line)?.[0] ?? '';

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Whether a comment is the header a sentence asks for. */
const isAsked = (comment: string, { licence, text }: HeaderIntent): boolean => {
  if (text !== undefined && !squeeze(comment).includes(squeeze(text))) return false;
  if (licence === undefined) {
    return text !== undefined || /SPDX-License-Identifier|copyright|licen[cs]e/i.test(comment);
  }
  const ids = [...comment.matchAll(/SPDX-License-Identifier:\s*([\w.+-]+)/g)].map(([, id]) => id);
  if (ids.length > 0) {
    return ids.every(
      (id) => id === licence || (!/\d/.test(licence) && id?.startsWith(`${licence}-`)),
    );
  }
  return licence.startsWith('GPL') && /GNU General Public License/i.test(comment);
};

const squeeze = (text: string): string =>
  text
    .replace(/^[ \t]*(?:\/\/+|\/\*+|\*+\/?|#+|<!--|-->)/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Whether the text (from where a header may stand) opens with the header that is asked for. */
export const hasHeader = (text: string, path: string, asked: HeaderIntent): boolean => {
  const comment = leadingComment(afterHashBang(text), path);
  return comment !== '' && isAskedSomewhere(comment, asked);
};

const isAskedSomewhere = (comment: string, asked: HeaderIntent): boolean =>
  isAsked(comment, asked) ||
  linesOf(comment).some(
    (line) => line.trim() !== '' && isAsked(line, { ...asked }) && /SPDX|licen[cs]e/i.test(line),
  );

const afterHashBang = (text: string): string => text.replace(/^#![^\n]*\n/, '');

/**
 * What was put on top of `base` to make `patched`, when that is nothing but the asked header;
 * otherwise what is wrong with it.
 */
export const judgeHeader = (
  base: string,
  patched: string,
  path: string,
  asked: HeaderIntent,
): { readonly ok: true; readonly added: string } | { readonly ok: false; readonly why: string } => {
  const hashBang = /^#![^\n]*\n/.exec(base)?.[0] ?? '';
  if (!patched.startsWith(hashBang)) return { ok: false, why: 'the first line is changed' };
  const [before, after] = [base.slice(hashBang.length), patched.slice(hashBang.length)];
  const comment = leadingComment(after, path);
  for (const added of prefixes(comment)) {
    if (`${added}${before}` !== after) continue;
    if (!isAsked(added, asked)) return { ok: false, why: 'the header is not the one asked for' };
    // A file of mixed line ends has no one way; a header may end its lines in any of them.
    const ends = new Set(linesOf(before).map(lineEnd).filter(Boolean));
    if (ends.size > 0 && linesOf(added).some((line) => !ends.has(lineEnd(line)))) {
      return { ok: false, why: 'the line endings of the header are not those of the file' };
    }
    return { ok: true, added };
  }
  return { ok: false, why: 'more is changed than a header at the top' };
};

/** The base may open with a comment of its own, which then reads as part of the header's. */
const prefixes = (comment: string): readonly string[] => {
  const lines = linesOf(comment);
  return lines.map((_, index) => lines.slice(0, index + 1).join(''));
};
