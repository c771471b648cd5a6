// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { readText } from './read-text.ts';
import { defineTool } from './tool.ts';

/** One call returns at most this many characters (UTF-16 code units). */
export const maxReadLength = 128 * 1024;

export const readFile = defineTool({
  name: 'read_file',
  description:
    'Reads a text file, or `lines` of its lines from line `from` on (the first is 1). Side "base" is the file before this task, "patched" with the changes so far.',
  args: z.strictObject({
    path: z.string(),
    side: z.enum(['base', 'patched']).default('patched'),
    from: z.int().min(1).default(1),
    lines: z.int().min(1).optional(),
  }),
  result: z.strictObject({
    /** Exactly as in the file, line endings included. */
    content: z.string(),
    /** Lines of the whole file. */
    lines: z.int(),
    /** Whether the file goes on after `content`. */
    truncated: z.boolean(),
  }),
  touches: ({ path }) => ({ reads: [path] }),
  run: async ({ path, side, from, lines }, { overlay }) => {
    const text = await readText(overlay, path, side);
    const starts = lineStarts(text);
    const start = starts[from - 1] ?? text.length;
    const end = lines === undefined ? text.length : (starts[from - 1 + lines] ?? text.length);
    const content = text.slice(start, end);
    const kept = content.length > maxReadLength ? cutAtLine(content) : content;
    return { content: kept, lines: starts.length, truncated: start + kept.length < text.length };
  },
});

/** Where each line starts; a last line without a line break is one too. */
const lineStarts = (text: string): readonly number[] => {
  const starts: number[] = [];
  for (let start = 0; start < text.length; ) {
    starts.push(start);
    const end = text.indexOf('\n', start);
    start = end === -1 ? text.length : end + 1;
  }
  return starts;
};

const cutAtLine = (content: string): string => {
  const end = content.lastIndexOf('\n', maxReadLength - 1) + 1;
  if (end > 0) return content.slice(0, end);
  const half = (content.charCodeAt(maxReadLength - 1) & 0xfc00) === 0xd800;
  return content.slice(0, half ? maxReadLength - 1 : maxReadLength);
};
