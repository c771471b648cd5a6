// SPDX-License-Identifier: GPL-3.0-only
import type { z } from 'zod';
import type { Executor } from '../boundary/executor.ts';
import type { Json } from '../data/digest.ts';
import type { Overlay } from '../workspace/overlay.ts';

/** What a tool may use. The overlay already enforces what may be read and written. */
export type ToolContext = {
  readonly overlay: Overlay;
  readonly executor: Executor;
  readonly signal: AbortSignal;
  /** The files the unit may change, as literal paths or patterns. */
  readonly paths: readonly string[];
  /** Runs the spec's checks on the patched tree, for `run_checks`. */
  readonly runChecks?: () => Promise<{ readonly ok: boolean; readonly log: string }>;
};

/** Paths that a call touches. */
export type Touches = {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
};

/**
 * What a model can do beside answering. `args` and `result` are the whole truth about its shape: they validate, and
 * they become the JSON Schema in the prompt and the constraint sent to the engine.
 */
export type Tool<Args extends z.ZodType = z.ZodType, Result extends z.ZodType = z.ZodType> = {
  readonly name: string;
  readonly description: string;
  readonly args: Args;
  /** JSON Schema of `args`, where it is not worked out from them. */
  readonly argsSchema?: { readonly [key: string]: Json };
  readonly result: Result;
  /** The paths a call touches, for the verifier. */
  readonly touches: (args: z.output<Args>) => Touches | Promise<Touches>;
  /** @throws Denied, or ToolFault with a reason the model can act on. */
  readonly run: (
    args: z.output<Args>,
    context: ToolContext,
  ) => z.input<Result> | Promise<z.input<Result>>;
};

/** The call was allowed and cannot be done: no such file, text not found, not Markdown. */
export class ToolFault extends Error {
  override readonly name = 'ToolFault';
}

/** The arguments break a rule of the tool's that their JSON Schema does not say. */
export class ArgsFault extends Error {
  override readonly name = 'ArgsFault';
}

/** Keeps a tool's argument and result types together. */
export const defineTool = <Args extends z.ZodType, Result extends z.ZodType>(
  tool: Tool<Args, Result>,
): Tool<Args, Result> => tool;
