// SPDX-License-Identifier: GPL-3.0-only
import { defineTool, ToolFault } from 'pantheon/tool';
import { z } from 'zod';

/** The text of a Markdown document's first heading, or null where none of level 1 is on top. */
export const tool = defineTool({
  name: 'first_heading',
  description:
    'Reads the first heading of a Markdown file, without its marks; null where it is not of level 1.',
  args: z.strictObject({ path: z.string() }),
  result: z.strictObject({ text: z.string().nullable() }),
  touches: ({ path }) => ({ reads: [path] }),
  run: async ({ path }, { overlay }) => {
    const bytes = await overlay.read(path);
    if (!bytes) throw new ToolFault(`there is no file ${path}; list the files first`);
    return { text: firstHeading(new TextDecoder().decode(bytes)) };
  },
});

const firstHeading = (text: string): string | null => {
  const body = text.replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/, '').replace(/^```[\s\S]*?^```/gm, '');
  const [, marks, heading] = /^(#{1,6})[ \t]+(.+?)[ \t#]*$/m.exec(body.replaceAll('\r', '')) ?? [];
  return (marks === '#' && heading?.replace(/[*_`]/g, '').trim()) || null;
};
