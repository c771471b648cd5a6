// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { compileGlob } from '../spec/glob.ts';
import { defineTool } from './tool.ts';

const maxFiles = 1000;

/** A glob in a tool's arguments; see `compileGlob`. */
export const globSchema = z
  .string()
  .min(1)
  .max(500)
  .describe('Glob with * ? ** and {a,b}, from the top of the repository');

export const listFiles = defineTool({
  name: 'list_files',
  description:
    'Lists the files that may be read, sorted, with the changes so far, at most 1000 of them; `after` goes on behind a path.',
  args: z.strictObject({ pattern: globSchema.default('**'), after: z.string().optional() }),
  result: z.strictObject({
    files: z.array(z.string()),
    truncated: z.boolean(),
    hint: z.string().optional(),
  }),
  touches: () => ({}),
  run: ({ pattern, after = '' }, { overlay }) => {
    const matches = compileGlob(pattern);
    const files = overlay.list().filter((path) => path > after && matches(path));
    const listed = { files: files.slice(0, maxFiles), truncated: files.length > maxFiles };
    return files.length > 0 ? listed : { ...listed, hint: nothingMatches(pattern, after) };
  },
});

/** A small model asks the same again and again where it is told nothing. */
const nothingMatches = (pattern: string, after: string): string =>
  after === ''
    ? `no file that may be read matches ${JSON.stringify(pattern)}; a pattern begins at the top of the repository, as in "docs/**/*.md", and "**" lists all`
    : `no file comes after ${JSON.stringify(after)}`;
