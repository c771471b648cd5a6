// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { defineTool, ToolFault } from './tool.ts';

const maxLog = 8000;

/** `run_checks`: the spec's checks on the patched tree, run afresh with each call. */
export const runChecks = defineTool({
  name: 'run_checks',
  description:
    "Runs the spec's checks in the sandbox on the files as they are now and tells whether all passed.",
  args: z.strictObject({}),
  result: z.strictObject({ ok: z.boolean(), log: z.string() }),
  touches: () => ({}),
  run: async (_args, context) => {
    if (!context.runChecks) {
      throw new ToolFault('no checks can be run here; judge by reading the files');
    }
    const { ok, log } = await context.runChecks();
    // The end of a log says what went wrong.
    return { ok, log: log.length > maxLog ? `[...]\n${log.slice(-maxLog)}` : log };
  },
});
