// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { compileGlob } from '../spec/glob.ts';
import { globSchema } from './list-files.ts';
import { decodeText } from './read-text.ts';
import { defineTool } from './tool.ts';

const maxFileBytes = 4 * 1024 * 1024;
const maxTotalBytes = 64 * 1024 * 1024;
const maxLineLength = 300;

export const searchText = defineTool({
  name: 'search_text',
  description:
    'Finds the lines that hold a text, letter for letter (no regular expression), in the text files that may be read. Long lines are shortened around the text.',
  args: z.strictObject({
    text: z
      .string()
      .min(1)
      .max(500)
      .refine((text) => !/[\r\n]/.test(text), 'give one line; a match never spans two'),
    pattern: globSchema.default('**'),
    maxResults: z.int().min(1).max(500).default(100),
    after: z.string().optional().describe('Only files behind this path, as list_files sorts them'),
  }),
  result: z.strictObject({
    matches: z.array(z.strictObject({ path: z.string(), line: z.int(), text: z.string() })),
    /** Whether there may be more: too many matches, or files too large to search. */
    truncated: z.boolean(),
    /** Some files were too large to search. */
    tooLarge: z.literal(true).optional(),
  }),
  touches: () => ({}),
  run: async ({ text, pattern, maxResults, after = '' }, { overlay, signal }) => {
    const needle = Buffer.from(text);
    const matches: { path: string; line: number; text: string }[] = [];
    let tooLarge = false;
    const found = (truncated: boolean) => ({
      matches,
      truncated: truncated || tooLarge,
      ...(tooLarge && { tooLarge }),
    });
    let total = 0;
    for (const path of overlay.list().filter(compileGlob(pattern))) {
      if (path <= after) continue;
      signal.throwIfAborted();
      const bytes = await overlay.read(path);
      if (!bytes) continue;
      total += bytes.length;
      if (total > maxTotalBytes) return found(true);
      tooLarge ||= bytes.length > maxFileBytes;
      if (bytes.length > maxFileBytes || !includesBytes(bytes, needle)) continue;
      const content = decodeText(bytes);
      if (content === undefined) continue;
      for (const match of matchesIn(content, text)) {
        if (matches.length === maxResults) return found(true);
        matches.push({ path, ...match });
      }
    }
    return found(false);
  },
});

const includesBytes = ({ buffer, byteOffset, byteLength }: Uint8Array, needle: Buffer): boolean =>
  Buffer.from(buffer, byteOffset, byteLength).includes(needle);

function* matchesIn(content: string, text: string): Generator<{ line: number; text: string }> {
  let number = 0;
  for (const ended of content.split('\n')) {
    number += 1;
    const at = ended.indexOf(text);
    if (at === -1) continue;
    const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended;
    const start = line.length > maxLineLength ? Math.max(0, at - 100) : 0;
    const shown = line.slice(start, start + Math.max(maxLineLength, text.length + 200));
    yield { line: number, text: shown.toWellFormed() };
  }
}
