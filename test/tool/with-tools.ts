// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';
import type { z } from 'zod';
import type { Tool, ToolContext } from '../../src/tool/tool.ts';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { createOverlay, type Overlay, type OverlayReach } from '../../src/workspace/overlay.ts';
import { everything, type Files, makeRepository } from '../workspace/with-repository.ts';

export type Hands = {
  readonly overlay: Overlay;
  /** Validates as the loop does and makes the call. */
  readonly use: <A extends z.ZodType, R extends z.ZodType>(
    tool: Tool<A, R>,
    args: z.input<A>,
  ) => Promise<z.output<R>>;
};

/** Tools at work on a real repository. */
export const handsOn = async (
  t: ExecutionContext,
  files: Files,
  reach: OverlayReach = everything,
): Promise<Hands> => {
  const { folder } = makeRepository(t, files);
  const base = await openBaseTree(folder, 'HEAD');
  t.teardown(() => base.close());
  const overlay = createOverlay(base, reach);
  const context: ToolContext = {
    overlay,
    executor: { run: refuse, withTree: refuse },
    signal: new AbortController().signal,
    paths: ['**'],
  };
  return {
    overlay,
    use: async (tool, args) => tool.result.parse(await tool.run(tool.args.parse(args), context)),
  };
};

const refuse = () => Promise.reject(new Error('not here'));

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
