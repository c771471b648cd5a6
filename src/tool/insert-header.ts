// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { lineBreakOf } from '../markdown/text-lines.ts';
import { namesLicence } from '../spec/licence.ts';
import { type HeaderStyle, headerStyleOf } from './header-place.ts';
import { headerPlace } from './header-refusal.ts';
import { findClaim } from './licence-claims.ts';
import { decodeText, readBytes } from './read-text.ts';
import { defineTool, ToolFault } from './tool.ts';

export const insertHeader = defineTool({
  name: 'insert_header',
  description:
    'Puts a licence header, as a comment, where the file type wants it: after a byte order mark, a #! line or Markdown frontmatter. `text` is the header without comment marks. Does nothing where the header already stands, or where the file declares `licence` in other words; `reason` says why a file can take no header, as one that declares another licence or holder.',
  args: z.strictObject({
    path: z.string(),
    text: z.string().min(1).max(8000),
    style: z.enum(['auto', 'line', 'block', 'hash', 'html', 'dash']).default('auto'),
    licence: z.string().max(200).optional().describe('SPDX id, expression or family'),
  }),
  result: z.strictObject({ changed: z.boolean(), reason: z.string().optional() }),
  touches: ({ path }) => ({ reads: [path], writes: [path] }),
  run: async ({ path, text, style, licence }, { overlay }) => {
    const before = decodeText(await readBytes(overlay, path));
    const form = style === 'auto' ? headerStyleOf(path) : style;
    const place = headerPlace(path, before, form);
    if ('refused' in place) return { changed: false, reason: `${path} ${place.refused}` };
    const { offset, whole, style: comment } = place;
    const lines = headerLines(text, comment);
    const rest = whole.slice(offset);
    if (saysAll(leadingComments(rest, comment), text)) return { changed: false };
    const claim = findClaim(path, whole, comment);
    const isSame = claim && licence !== undefined && namesLicence(claim.text, licence);
    if (claim && isSame && !claim.isVisible) return { changed: false };
    if (claim && !isSame) {
      const words = JSON.stringify(claim.words.slice(0, 80));
      const reason = `${path} declares a licence or a holder already (line ${claim.line}: ${words})`;
      return { changed: false, reason };
    }
    const eol = lineBreakOf(whole);
    const gap = comment === 'html' && rest !== '' && !/^[ \t]*[\r\n]/.test(rest) ? eol : '';
    const join = offset > 0 && !/[\r\n\uFEFF]$/.test(whole.slice(0, offset)) ? eol : '';
    const header = lines.map((line) => line + eol).join('');
    const after = whole.slice(0, offset) + join + header + gap + rest;
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

/** Whether a comment has the words of a header, and not as a part of a longer expression. */
const saysAll = (comment: string, header: string): boolean => {
  const [words, wanted] = [wordsOf(comment), wordsOf(header)];
  const at = words.indexOf(wanted);
  return at >= 0 && !/^(?:and|or|with) /i.test(words.slice(at + wanted.length));
};

/** A comment's words without its marks, one space between and around. */
const wordsOf = (text: string): string =>
  ` ${text
    .replace(/(?:\/\/|\/\*|\*\/|<!--|-->)|^[ \t]*(?:#|\*|--)(?=[ \t\r\n]|$)/gm, ' ')
    .split(/\s+/)
    .filter(Boolean)
    .join(' ')} `;
