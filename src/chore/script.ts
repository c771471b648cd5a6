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

/** The next call of a script, or what it came to, and how many of the replies it used. */
export type ScriptEnd<T> = { readonly used: number } & (
  | { readonly next: ScriptCall }
  | { readonly end: T }
);

/** A script under way: it waits for the reply to the call of its last step. */
type Course<T> = {
  readonly script: Script<T>;
  readonly step: IteratorResult<ScriptCall | ScriptPart, T>;
  readonly used: number;
};

const begin = <T>(script: Script<T>): Course<T> => ({ script, step: script.next(), used: 0 });

/** As far as the replies bring it; its own part is begun again with each further reply. */
const goOn = async <T>(
  { script, ...course }: Course<T>,
  replies: readonly ScriptReply[],
): Promise<{ readonly came: ScriptEnd<T>; readonly course: Course<T> }> => {
  let { step, used } = course;
  const at = (came: ScriptEnd<T>) => ({ came, course: { script, step, used } });
  while (!step.done) {
    const { value } = step;
    if (value.type === 'part') {
      const part = await value.run(replies.slice(used));
      if ('next' in part) return at({ used: used + part.used, next: part.next });
      used += part.used;
      step = script.next({ result: part.end });
      continue;
    }
    const reply = replies[used];
    if (!reply) return at({ used, next: value });
    used += 1;
    step = script.next(reply);
  }
  return at({ used, end: step.value });
};

/** Runs a script over the replies there are: its next call, or what it came to, and how many it used. */
export const replayScript = async <T>(
  script: Script<T>,
  replies: readonly ScriptReply[],
): Promise<ScriptEnd<T>> => (await goOn(begin(script), replies)).came;

/**
 * As `replayScript` of what `open` gives, for a conversation that is asked about again with each reply: where its
 * first `messages` are those of the last time, the script goes on from there. The answer is the same.
 */
export const resumableScripts = <T>() => {
  const waiting = new WeakMap<
    object,
    { readonly messages: readonly object[]; readonly course: Course<T> }
  >();
  return async (
    messages: readonly object[],
    replies: readonly ScriptReply[],
    open: () => Promise<Script<T>>,
  ): Promise<ScriptEnd<T>> => {
    const [first = messages] = messages;
    const last = waiting.get(first);
    waiting.delete(first);
    const isFurther = last?.messages.every((message, index) => message === messages[index]);
    const begun = last && isFurther ? last.course : begin(await open());
    const { came, course } = await goOn(begun, replies);
    if ('next' in came) waiting.set(first, { messages: [...messages], course });
    return came;
  };
};
