// SPDX-License-Identifier: GPL-3.0-only

import { SandboxFault } from '../boundary/executor.ts';
import { type CallRuling, describeDenial, type Verifier } from '../boundary/verifier.ts';
import { messageOf } from '../data/message-of.ts';
import { describeSecret, secretInText } from '../secrets/find-secrets.ts';
import { textsIn } from '../secrets/texts-in.ts';
import { ArgsFault, type ToolContext, ToolFault, type Touches } from '../tool/tool.ts';
import { Denied } from '../workspace/denied.ts';
import type { Dialect } from './dialect.ts';
import { describeIssues, type Reading, type StepFault, shortenText } from './read-envelope.ts';
import type { Watch } from './watch.ts';

/** One line of `tool_calls.jsonl`; holds no times, so that two equal runs write equal lines. */
export type CallRecord = {
  readonly step: number;
  readonly name: string;
  /** As the model wrote them. */
  readonly args: unknown;
  readonly verdict: CallRuling;
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly reason: string };
};

/** A call that was read and not yet judged. */
export type ReadCall = Extract<Reading, { kind: 'call' }>;

/** What a call came to: the record, the text for the model, and a fault when it was a bad step. */
export type CallOutcome = {
  readonly record: Omit<CallRecord, 'step'>;
  readonly reply: string;
  readonly wrote: boolean;
  readonly fault?: StepFault;
};

/**
 * Asks the verifier, makes the call and checks its result. Whatever the tool throws becomes a
 * fault. @throws the watch's reason when the run is over; SandboxFault, which is no fault of a tool.
 */
export const makeCall = async (
  call: ReadCall,
  options: {
    readonly agent: string;
    readonly verifier: Verifier;
    readonly context: ToolContext;
    readonly watch: Watch;
    readonly renderReply: Dialect['renderReply'];
  },
): Promise<CallOutcome> => {
  const { tool, raw, args } = call;
  const { agent, verifier, context, watch, renderReply } = options;
  const refuse = (ruling: CallRuling, code: StepFault['code'], reason: string): CallOutcome => {
    const error = { code, reason: shortenText(reason) };
    return {
      record: { name: tool.name, args: raw, verdict: ruling, error },
      reply: renderReply({ tool: tool.name, error }),
      wrote: false,
      fault: { ...error, tool: tool.name },
    };
  };
  const allowed: CallRuling = { allow: true };
  let touches: Touches;
  try {
    touches = await watch.race(tool.touches(args));
  } catch (error) {
    if (watch.signal.aborted) throw error;
    return refuse(allowed, codeOf(error), messageOf(error));
  }
  const ruling = await watch.race(verifier.verify({ agent, tool: tool.name, args: raw, touches }));
  if (!ruling.allow) return refuse(ruling, 'denied', describeDenial(ruling));
  try {
    const value = await watch.race(tool.run(args, context));
    const result = tool.result.safeParse(value);
    if (!result.success) {
      const issues = describeIssues(result.error.issues, ['result']);
      return refuse(allowed, 'tool-result', `the tool broke its own schema: ${issues}`);
    }
    return {
      record: { name: tool.name, args: raw, verdict: allowed, result: result.data },
      reply: renderReply({ tool: tool.name, result: result.data }),
      wrote: (touches.writes ?? []).length > 0,
    };
  } catch (error) {
    if (watch.signal.aborted || error instanceof SandboxFault) throw error;
    if (error instanceof Denied) {
      const { rule, message } = error;
      return refuse({ allow: false, rule, reason: message }, 'denied', message);
    }
    const reason = messageOf(error);
    const isTold = error instanceof ToolFault || error instanceof ArgsFault;
    return refuse(allowed, codeOf(error), isTold ? reason : `the tool failed: ${reason}`);
  }
};

const codeOf = (error: unknown): StepFault['code'] =>
  error instanceof ArgsFault ? 'tool-args' : 'tool-result';

/** What a tool shows is a prompt the next moment. */
export const secretShown = ({
  name,
  args,
  result,
  error,
}: Omit<CallRecord, 'step'>): string | undefined => {
  for (const [, text] of textsIn([result, error?.reason])) {
    const secret = secretInText(text);
    if (!secret) continue;
    const path = args instanceof Object && 'path' in args ? ` of ${String(args.path)}` : '';
    return `line ${secret.line} of what ${name} shows${path} ${describeSecret(secret)}`;
  }
  return undefined;
};
