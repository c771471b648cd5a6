// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../data/digest.ts';

/** The chore cannot be done, or not safely; the message says which part and why. */
export class Declined extends Error {
  override readonly name = 'Declined';
}

/** A call of a tool, as an agent's envelope writes it. */
export type ScriptCall = {
  readonly type: 'tool';
  readonly name: string;
  readonly args: { readonly [key: string]: Json };
};

/** What a call came to. */
export type ScriptReply =
  | { readonly result: unknown }
  | { readonly error: { readonly code: string; readonly reason: string } };

/** A course of tool calls: yields each call and is given its reply. */
export type Script<T> = Generator<ScriptCall, T, ScriptReply>;

/** One tool call. @throws Declined with the tool's reason when it fails. */
export function* callTool(name: string, args: ScriptCall['args']): Script<unknown> {
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
  replies: readonly ScriptReply[],
): { readonly next: ScriptCall } | { readonly end: T } => {
  let step = script.next();
  for (const reply of replies) {
    if (step.done) break;
    step = script.next(reply);
  }
  return step.done ? { end: step.value } : { next: step.value };
};
