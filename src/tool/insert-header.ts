// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { textRefusal } from '../markdown/decode-markdown.ts';
import { lineBreakOf } from '../markdown/text-lines.ts';
import { type HeaderStyle, headerOffset, headerStyleOf } from './header-place.ts';
import { readText } from './read-text.ts';
import { defineTool, ToolFault } from './tool.ts';

export const insertHeader = defineTool({
  name: 'insert_header',
  description:
    'Puts a licence header, as a comment, where the file type wants it: after a byte order mark, a #! line or Markdown frontmatter. `text` is the header without comment marks. Does nothing where the header already stands.',
  args: z.strictObject({
    path: z.string(),
    text: z.string().min(1).max(8000),
    style: z.enum(['auto', 'line', 'block', 'hash', 'html', 'dash']).default('auto'),
  }),
  result: z.strictObject({ changed: z.boolean() }),
  touches: ({ path }) => ({ reads: [path], writes: [path] }),
  run: async ({ path, text, style }, { overlay }) => {
    const before = await readText(overlay, path);
    const reason = textRefusal(before);
    if (reason !== undefined) throw new ToolFault(`${path} ${reason}`);
    const form = style === 'auto' ? headerStyleOf(path) : style;
    if (!form) {
      throw new ToolFault(`${path} is of a type whose comments are not known; name a style`);
    }
    const offset = headerOffset(path, before);
    if (typeof offset !== 'number') throw new ToolFault(`${path} ${offset.refused}`);
    const lines = headerLines(text, form);
    const rest = before.slice(offset);
    if (wordsOf(leadingComments(rest, form)).includes(` ${wordsOf(text).trim()} `)) {
      return { changed: false };
    }
    const eol = lineBreakOf(before);
    const gap = form === 'html' && rest !== '' && !/^[ \t]*[\r\n]/.test(rest) ? eol : '';
    const join = offset > 0 && !/[\r\n\uFEFF]$/.test(before.slice(0, offset)) ? eol : '';
    const header = lines.map((line) => line + eol).join('');
    const after = before.slice(0, offset) + join + header + gap + rest;
    overlay.write(path, new TextEncoder().encode(after));
    return { changed: true };
  },
});

const endMarks: Readonly<Record<HeaderStyle, string | undefined>> = {
  line: undefined,
  block: '*/',
  hash: undefined,
  html: '--',
  dash: undefined,
};

const headerLines = (text: string, style: HeaderStyle): readonly string[] => {
  const lines = text.replace(/^(?:[ \t]*(?:\r\n|\n|\r))+|\s+$/g, '').split(/\r\n|\n|\r/);
  const trimmed = lines.map((line) => line.trimEnd());
  const mark = endMarks[style];
  if (trimmed.join('') === '') throw new ToolFault('the header is empty; give its text');
  if (/\p{Cc}/u.test(trimmed.join('').replaceAll('\t', ''))) {
    throw new ToolFault('the header contains control characters; give plain lines');
  }
  if (mark !== undefined && text.includes(mark)) {
    throw new ToolFault(
      `the header contains ${JSON.stringify(mark)}, which ends this kind of comment`,
    );
  }
  if (style === 'html') {
    return trimmed.length === 1 ? [`<!-- ${trimmed[0]} -->`] : ['<!--', ...trimmed, '-->'];
  }
  if (style === 'block') return ['/*', ...trimmed.map((line) => ` * ${line}`.trimEnd()), ' */'];
  const prefix = { line: '//', hash: '#', dash: '--' }[style];
  return trimmed.map((line) => `${prefix} ${line}`.trimEnd());
};

const markup = /(?:[ \t]*[\r\n])* {0,3}<!--[\s\S]*?-->/y;
const code = /[ \t]*(?:(?:\/\/|#|--)[^\r\n]*(?:[\r\n]|$)|\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|[\r\n])/y;

/** The comments and empty lines a text begins with. In markup `#` is a heading, and four spaces are code. */
const leadingComments = (text: string, style: HeaderStyle): string => {
  const comment = style === 'html' ? markup : code;
  let end = 0;
  for (comment.lastIndex = 0; end < 16_384 && comment.test(text); ) end = comment.lastIndex;
  return text.slice(0, end);
};

/** A comment's words without its marks, one space between and around. */
const wordsOf = (text: string): string =>
  ` ${text
    .replace(/(?:\/\/|\/\*|\*\/|<!--|-->)|^[ \t]*(?:#|\*|--)(?=[ \t\r\n]|$)/gm, ' ')
    .split(/\s+/)
    .filter(Boolean)
    .join(' ')} `;
