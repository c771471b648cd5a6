// SPDX-License-Identifier: GPL-3.0-only

import { z } from 'zod';
import { messageOf } from '../data/message-of.ts';
import type { Tool } from '../tool/tool.ts';
import { type Final, toolCallSchema } from './envelope.ts';
import { openFinalSchema, type Protocol } from './envelope-schema.ts';
import { InexactJson, parseExactly } from './exact-json.ts';
import type { Failure } from './schema.ts';

/** An answer may hold at most this many characters (UTF-16 code units). */
export const maxAnswerLength = 1024 * 1024;

const maxDepth = 64;
const maxReason = 600;

/** Why a step was bad, in words that the model can act on. */
export type StepFault = {
  readonly code: Failure['code'];
  readonly reason: string;
  readonly tool?: string;
};

export type Reading =
  | { readonly kind: 'final'; readonly output: Final['output'] }
  | {
      readonly kind: 'call';
      readonly tool: Tool;
      /** As the model wrote them. */
      readonly raw: unknown;
      /** As the tool's schema gives them, with defaults. */
      readonly args: unknown;
    }
  | { readonly kind: 'bad'; readonly fault: StepFault };

/** At most 600 characters of a message that may quote hostile text. */
export const shortenText = (text: string, max = maxReason): string =>
  (text.length > max ? `${text.slice(0, max - 3)}...` : text).toWellFormed();

const openCallSchema = toolCallSchema.extend({ args: z.record(z.string(), z.unknown()) });
const openEnvelopeSchema = z.discriminatedUnion('type', [openCallSchema, openFinalSchema]);

/**
 * Reads an answer strictly: exactly one JSON object and nothing around it, a tool that is held,
 * arguments by its schema, a result by the agent's. Only a `final` with status `fail` may leave its
 * `result` empty. Never throws.
 */
export const readEnvelope = (text: string, protocol: Protocol): Reading => {
  const parsed = parseAnswer(text);
  if ('reason' in parsed) return badReading('schema', parsed.reason);
  const envelope = openEnvelopeSchema.safeParse(parsed.value);
  if (!envelope.success) return badReading('schema', describeIssues(envelope.error.issues));
  return envelope.data.type === 'tool'
    ? readCall(envelope.data, protocol)
    : readOutput((envelope.data as Final).output, protocol);
};

/** A bad step of the model's. */
export const badReading = (code: Failure['code'], reason: string, tool?: string): Reading => ({
  kind: 'bad',
  fault: { code, reason: shortenText(reason), ...(tool !== undefined && { tool }) },
});

/**
 * Holds a call to the tools held and their schemas; `place` is what the dialect calls the arguments.
 * Never throws.
 */
export const readCall = (
  { name, args: raw }: { readonly name: string; readonly args: Readonly<Record<string, unknown>> },
  { tools }: Protocol,
  place = 'args',
): Reading => {
  const tool = tools.get(name);
  if (!tool) {
    const names = [...tools.keys()].join(', ');
    return badReading(
      'unknown-tool',
      `there is no tool ${JSON.stringify(shortenText(name, 80))}; ${names ? `use one of: ${names}` : 'you have no tools, answer with "final"'}`,
    );
  }
  const half = halfCharacterIn(raw);
  if (half) {
    const at = [place, ...half].join('.');
    return badReading(
      'tool-args',
      `${at}: contains half a surrogate pair; write whole characters`,
      name,
    );
  }
  try {
    const args = tool.args.safeParse(raw);
    return args.success
      ? { kind: 'call', tool, raw, args: args.data }
      : badReading('tool-args', describeIssues(args.error.issues, [place]), name);
  } catch (error) {
    const reason = `the arguments could not be checked: ${messageOf(error)}`;
    return badReading('tool-args', reason, name);
  }
};

/** The path to a text, or a name, that UTF-8 has no bytes for. */
const halfCharacterIn = (value: unknown): readonly string[] | undefined => {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const within = key.isWellFormed() ? halfCharacterIn(member) : [];
    if (within) return [key, ...within];
  }
  return undefined;
};

/** Holds a final output to the agent's out schema; `place` is what the dialect calls it. Never throws. */
export const readOutput = (
  output: Final['output'],
  { validateResult }: Protocol,
  place = 'output',
): Reading => {
  const declined = output.status === 'fail' && Object.keys(output.result).length === 0;
  const problem = declined ? undefined : validateResult(output.result);
  return problem
    ? badReading('schema', describeIssues([problem], [place, 'result']))
    : { kind: 'final', output };
};

/** Each issue as `path: message`, for at most three of them. */
export const describeIssues = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
  prefix: readonly string[] = [],
): string => {
  const lines = issues.slice(0, 3).map(({ path, message }) => {
    const place = [...prefix, ...path.map(String)].join('.');
    return shortenText(place ? `${place}: ${message}` : message, 200);
  });
  return lines.join('; ') || 'it does not match the schema';
};

/** The one JSON object that an answer is; `reason` where it is something else. */
export const parseAnswer = (
  text: string,
): { readonly value: unknown } | { readonly reason: string } => {
  if (text.length > maxAnswerLength) {
    return { reason: `the answer holds more than ${maxAnswerLength} characters` };
  }
  if (text.trim() === '') return { reason: 'the answer was empty; answer with one JSON object' };
  try {
    const value = parseExactly(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return { reason: 'answer with one JSON object, not with another JSON value' };
    }
    const flaw = flawIn(value);
    return flaw ? { reason: flaw } : { value };
  } catch (error) {
    if (error instanceof InexactJson) return { reason: error.message };
    return { reason: `the answer is not one whole JSON object alone: ${messageOf(error)}` };
  }
};

/**
 * Why a parsed answer is not looked at. `__proto__` is refused because copying such a key by
 * assignment would set a prototype.
 */
const flawIn = (value: object, depth = maxDepth): string | undefined => {
  if (depth === 0) return `the answer is nested deeper than ${maxDepth} levels`;
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return 'the key "__proto__" is not allowed';
    const member: unknown = value[key as keyof typeof value];
    if (typeof member === 'number' && !Number.isFinite(member)) return 'a number is too large';
    const flaw = member !== null && typeof member === 'object' && flawIn(member, depth - 1);
    if (flaw) return flaw;
  }
  return undefined;
};
