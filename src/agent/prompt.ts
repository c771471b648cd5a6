// SPDX-License-Identifier: GPL-3.0-only
import type { Tool } from '../tool/tool.ts';
import type { Dialect } from './dialect.ts';
import { envelope } from './dialects/envelope.ts';
import { protocolFor } from './envelope-schema.ts';
import type { ModelManifest } from './schema.ts';

/**
 * The system message: the agent's locked prompt, the form of an answer, its tools and the
 * repository's conventions. It depends on nothing of a run, so that a prefix cache serves it to all.
 * @throws UserError when the agent's `out` or a tool's `args` cannot be used.
 */
export const renderSystem = (options: {
  readonly agent: ModelManifest;
  /** Text of `prompt.md`. */
  readonly prompt: string;
  /** The same array that `runLoop` gets, so that both share what is worked out from it. */
  readonly tools: readonly Tool[];
  readonly conventions?: string;
  /** The same that `runLoop` gets; default: envelope. */
  readonly dialect?: Dialect;
}): string => {
  const { agent, prompt, tools, conventions = '', dialect = envelope } = options;
  return dialect.renderSystem({
    agent,
    prompt,
    protocol: protocolFor(agent, tools),
    conventions,
  });
};
