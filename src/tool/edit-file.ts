// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { readText } from './read-text.ts';
import { defineTool, ToolFault } from './tool.ts';
import { contentSchema } from './write-file.ts';

export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replaces a text that occurs exactly once in a file; all other bytes stay. In a file whose lines all end in CRLF a line break in `old` and `new` means CRLF.',
  args: z.strictObject({ path: z.string(), old: contentSchema.min(1), new: contentSchema }),
  result: z.strictObject({ replacements: z.literal(1) }),
  touches: ({ path }) => ({ reads: [path], writes: [path] }),
  run: async ({ path, ...edit }, { overlay }) => {
    const text = await readText(overlay, path);
    const edited = replaceOnce(text, edit.old, edit.new);
    overlay.write(path, new TextEncoder().encode(edited));
    return { replacements: 1 as const };
  },
});

/**
 * Replaces the one occurrence of `old`. Where every line break of `text` is CRLF, a lone LF in
 * `old` and `replacement` stands for CRLF. @throws ToolFault when there is not exactly one, or
 * nothing would change.
 */
export const replaceOnce = (text: string, old: string, replacement: string): string => {
  const adapt = /\r\n/.test(text) && !/(?<!\r)\n/.test(text) ? toCrlf : (value: string) => value;
  const [from, to] = [adapt(old), adapt(replacement)];
  if (from === to) throw new ToolFault('`old` and `new` are the same; nothing would change');
  const at = text.indexOf(from);
  if (at === -1) {
    throw new ToolFault(
      '`old` does not occur in the file; copy it letter for letter from read_file',
    );
  }
  if (text.includes(from, at + 1)) {
    throw new ToolFault('`old` occurs more than once; take in more of the lines around it');
  }
  return text.slice(0, at) + to + text.slice(at + from.length);
};

const toCrlf = (text: string): string => text.replaceAll(/(?<!\r)\n/g, '\r\n');
