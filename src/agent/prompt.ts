// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../data/digest.ts';
import type { Tool } from '../tool/tool.ts';
import { protocolFor } from './envelope-schema.ts';
import type { ModelAgent } from './schema.ts';

const answerForm = [
  'Answer each time with exactly one JSON object and nothing before or after it.',
  'To use a tool: {"type":"tool","name":<its name>,"args":<by its schema>}',
  'When done: {"type":"final","output":{"status":"ok","notes":<one sentence>,"metrics":{},"result":<by the schema below>}}',
  'When it cannot be done: the same with status "fail", the reason in notes and an empty result {}.',
  'An error answers a bad step; read its reason and do otherwise. The same call again and again ends the task.',
].join('\n');

/**
 * The system message: the agent's locked prompt, the form of an answer, its tools and the
 * repository's conventions. It depends on nothing of a run, so that a prefix cache serves it to all.
 * @throws UserError when the agent's `out` or a tool's `args` cannot be used.
 */
export const renderSystem = (options: {
  readonly agent: ModelAgent;
  /** Text of `prompt.md`. */
  readonly prompt: string;
  /** The same array that `runLoop` gets, so that both share what is worked out from it. */
  readonly tools: readonly Tool[];
  readonly conventions?: string;
}): string => {
  const { agent, prompt, tools, conventions = '' } = options;
  const { toolLines } = protocolFor(agent, tools);
  return [
    prompt.trim(),
    `# Answers\n\n${answerForm}\n\nresult: ${canonicalJson(agent.out)}`,
    `# Tools\n\n${toolLines || 'none'}`,
    conventions.trim() && `# Conventions of the repository\n\n${conventions.trim()}`,
  ]
    .filter(Boolean)
    .join('\n\n');
};
