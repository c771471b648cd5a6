// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson, type Json } from '../data/digest.ts';

/** The chore cannot be done, or not safely; the message says which part and why. */
export class Declined extends Error {
  override readonly name = 'Declined';
}

/** A call that a rule or the scope denies; `reason` is what it says. */
export class DeniedCall extends Declined {
  readonly reason: string;
  constructor(message: string, reason: string) {
    super(message);
    this.reason = reason;
  }
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

/** How far a part of a script came with the replies: it used so many, and then calls or has ended. */
export type PartEnd = { readonly used: number } & (
  | { readonly next: ScriptCall }
  | { readonly end: unknown }
);

/** A part of a script that another process runs. */
export type ScriptPart = {
  readonly type: 'part';
  readonly run: (replies: readonly ScriptReply[]) => Promise<PartEnd>;
};

/** A course of tool calls: yields each call and is given its reply; a part is given what it came to. */
export type Script<T> = Generator<ScriptCall | ScriptPart, T, ScriptReply>;

/** One tool call. @throws Declined with the tool's reason when it fails, DeniedCall where it may not be made. */
export function* callTool(name: string, args: ScriptCall['args']): Script<unknown> {
  const reply = yield { type: 'tool', name, args };
  if ('error' in reply) {
    const about = typeof args.path === 'string' ? ` on ${args.path}` : '';
    const { code, reason } = reply.error;
    const message = `${name}${about}: ${reason}`;
    throw code === 'denied' ? new DeniedCall(message, reason) : new Declined(message);
  }
  return reply.result;
}

/** The same script where nothing is written: what was asked once is not asked again. */
export function* askingOnce<T>(script: Script<T>): Script<T> {
  const replies = new Map<string, ScriptReply>();
  let step = script.next();
  while (!step.done) {
    const { value } = step;
    const key = value.type === 'tool' ? canonicalJson([value.name, value.args]) : '';
    const reply = replies.get(key) ?? (yield value);
    if (value.type === 'tool') replies.set(key, reply);
    step = script.next(reply);
  }
  return step.value;
}

/** Runs a script over the replies there are: its next call, or what it came to, and how many it used. */
export const replayScript = async <T>(
  script: Script<T>,
  replies: readonly ScriptReply[],
): Promise<{ readonly used: number } & ({ readonly next: ScriptCall } | { readonly end: T })> => {
  let used = 0;
  let step = script.next();
  while (!step.done) {
    const { value } = step;
    if (value.type === 'part') {
      const part = await value.run(replies.slice(used));
      used += part.used;
      if ('next' in part) return { used, next: part.next };
      step = script.next({ result: part.end });
      continue;
    }
    const reply = replies[used];
    if (!reply) return { used, next: value };
    used += 1;
    step = script.next(reply);
  }
  return { used, end: step.value };
};
