// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { decodeMarkdown, isRefused } from '../markdown/decode-markdown.ts';
import { editFrontmatter } from '../markdown/edit-frontmatter.ts';
import { readBytes } from './read-text.ts';
import { defineTool, ToolFault } from './tool.ts';

const keySchema = z.string().min(1).max(100);
const keysSchema = z.array(keySchema).max(100);

/** Of what a model sets at once: more is a model that goes on and on. */
const most = 24;
const scalar = { type: ['string', 'number', 'boolean', 'null'] };
const names = { type: 'array', maxItems: most, items: { type: 'string' } };

/** As a model is shown it: any JSON value is a schema that holds itself, which a small model goes round in. */
const shown = {
  type: 'object',
  required: ['path', 'set'],
  additionalProperties: false,
  properties: {
    path: { type: 'string' },
    set: {
      type: 'object',
      maxProperties: most,
      additionalProperties: {
        anyOf: [
          scalar,
          { type: 'array', maxItems: most, items: scalar },
          { type: 'object', maxProperties: most, additionalProperties: scalar },
        ],
      },
    },
    remove: names,
    order: names,
    dates: names,
  },
} as const;

export const setFrontmatter = defineTool({
  name: 'set_frontmatter',
  description:
    'Sets, removes or reorders top-level keys of a Markdown file’s YAML frontmatter; creates it where there is none. All else in the file stays byte for byte. Keys in `order` come first; dates of keys in `dates` are written without quotes.',
  args: z.strictObject({
    path: z.string(),
    set: z.record(keySchema, z.json()),
    remove: keysSchema.optional(),
    order: keysSchema.optional(),
    dates: keysSchema.optional(),
  }),
  argsSchema: shown,
  result: z.strictObject({ changed: z.boolean(), keys: z.array(z.string()) }),
  touches: ({ path }) => ({ reads: [path], writes: [path] }),
  run: async ({ path, set, remove = [], order = [], dates = [] }, { overlay }) => {
    const bytes = await readBytes(overlay, path);
    if (!/\.(?:md|markdown|mdown|mkd|mdx|qmd)$/i.test(path)) {
      throw new ToolFault(`${path} is not a Markdown file; only those have frontmatter here`);
    }
    const decoded = decodeMarkdown(bytes);
    if (isRefused(decoded)) throw new ToolFault(`${path} ${decoded.refused}`);
    const edited = editFrontmatter(decoded.text, { set, remove, order, dates });
    if (isRefused(edited)) throw new ToolFault(`${path} ${edited.refused}`);
    const changed = edited.text !== decoded.text;
    if (changed) overlay.write(path, new TextEncoder().encode(edited.text));
    return { changed, keys: [...edited.keys] };
  },
});
