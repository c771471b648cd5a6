// SPDX-License-Identifier: GPL-3.0-only
import type { ToolReply } from '../../../src/agent/conversation.ts';
import type { ToolCall } from '../../../src/agent/envelope.ts';

/** The chore cannot be done, or not safely; the message says which part and why. */
export class Declined extends Error {
  override readonly name = 'Declined';
}

/** A course of tool calls: yields each call and is given its reply. */
export type Script<T> = Generator<ToolCall, T, ToolReply>;

type ToolName =
  | 'list_files'
  | 'read_file'
  | 'search_text'
  | 'write_file'
  | 'edit_file'
  | 'insert_header';

/** One tool call. @throws Declined with the tool's reason when it fails. */
export function* callTool(name: ToolName, args: ToolCall['args']): Script<unknown> {
  const reply = yield { type: 'tool', name, args };
  if ('error' in reply) {
    const about = typeof args.path === 'string' ? ` on ${args.path}` : '';
    throw new Declined(`${name}${about}: ${reply.error.reason}`);
  }
  return reply.result;
}

/** Runs a script over the replies there are: its next call, or what it came to. */
export const replayScript = <T>(
  script: Script<T>,
  replies: readonly ToolReply[],
): { readonly next: ToolCall } | { readonly end: T } => {
  let step = script.next();
  for (const reply of replies) {
    if (step.done) break;
    step = script.next(reply);
  }
  return step.done ? { end: step.value } : { next: step.value };
};
