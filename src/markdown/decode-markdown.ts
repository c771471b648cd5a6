// SPDX-License-Identifier: GPL-3.0-only
import { blankShownCode } from './prose.ts';

/** A Markdown file may have at most this many bytes; a larger one is refused. */
export const maxMarkdownBytes = 1024 * 1024;

/** By the ending of its name. */
export const isMarkdown = (path: string): boolean => /\.(?:md|markdown)$/i.test(path);

/** Why something was left alone instead of guessed at, in words for a person. */
export type Refused = { readonly refused: string };

/** Tells a refusal from a result. */
export const isRefused = (value: object): value is Refused => 'refused' in value;

/**
 * A Markdown file's bytes as text, the byte order mark kept, or why it cannot be worked on: too
 * large, binary, not UTF-8, or one of the reasons of `textRefusal`.
 */
export const decodeMarkdown = (bytes: Uint8Array): { readonly text: string } | Refused => {
  if (bytes.length > maxMarkdownBytes) {
    return { refused: `has ${bytes.length} bytes, more than the ${maxMarkdownBytes} allowed` };
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { refused: 'is UTF-16, not UTF-8' };
  }
  if (bytes.includes(0)) return { refused: 'is binary (it contains NUL bytes)' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const reason = textRefusal(text);
    return reason === undefined ? { text } : { refused: reason };
  } catch {
    return { refused: 'is not UTF-8' };
  }
};

/** What a merge leaves; in a block of code it shows one. */
const conflictMark = /^(?:<{7}|>{7}|\|{7})(?=[ \t\r\n]|$)/m;

/** Why a text is not a finished Markdown document, or nothing when it is one. */
export const textRefusal = (text: string): string | undefined => {
  if (text.length > maxMarkdownBytes) return `has more than the ${maxMarkdownBytes} bytes allowed`;
  if (text.includes('\0')) return 'is binary (it contains NUL bytes)';
  // https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md: any edit breaks the pointer.
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return 'is a Git LFS pointer, not the document itself';
  }
  const marker = conflictMark.test(text) ? conflictMark.exec(blankShownCode(text)) : null;
  if (!marker) return undefined;
  const line = text.slice(0, marker.index).split('\n').length;
  return `has unresolved merge-conflict markers (line ${line})`;
};
