// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { formatPatch } from '../workspace/patch.ts';
import { defineTool } from './tool.ts';

export const computeDiff = defineTool({
  name: 'compute_diff',
  description:
    'Shows the changes so far as one git diff with `context` unchanged lines around each, and their counts.',
  args: z.strictObject({ context: z.int().min(0).max(1_000_000).default(3) }),
  result: z.strictObject({
    diff: z.string(),
    stats: z.strictObject({ files: z.int(), insertions: z.int(), deletions: z.int() }),
  }),
  touches: () => ({}),
  run: ({ context }, { overlay }) => formatPatch(overlay, context),
});
