// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { defineTool } from './tool.ts';

/** Text that a model writes; half characters are refused for every tool where calls are read. */
export const contentSchema = z.string().max(1024 * 1024);

export const writeFile = defineTool({
  name: 'write_file',
  description:
    'Writes a whole file as UTF-8, exactly as given: line endings and a byte order mark are yours to keep. To change a part of a file use edit_file.',
  args: z.strictObject({ path: z.string(), content: contentSchema }),
  result: z.strictObject({ bytes: z.int(), created: z.boolean() }),
  touches: ({ path }) => ({ writes: [path] }),
  run: async ({ path, content }, { overlay }) => {
    const created = (await overlay.read(path)) === undefined;
    const bytes = new TextEncoder().encode(content);
    overlay.write(path, bytes);
    return { bytes: bytes.length, created };
  },
});
