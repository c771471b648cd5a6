// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../data/digest.ts';
import { memoiseByObject } from '../data/memoise.ts';
import { escapeControls } from '../engine/contract/control-tokens.ts';
import type { Message } from '../engine/contract/engine.ts';
import type { Input } from './schema.ts';

/*
 * The layout of the conversation, in one place for the prompt that writes it and for the rules
 * specialists that read it: the system message holds what never changes (role and tools);
 * the first user message holds one `name: <canonical JSON>` line per part; then
 * answers and results alternate and nothing earlier ever changes.
 */

/** What a tool call came to, as told to the model. */
export type ToolReply =
  | { readonly tool: string; readonly result: unknown }
  | { readonly tool?: string; readonly error: { readonly code: string; readonly reason: string } };

const parts = ['acceptance', 'context', 'spec', 'unit', 'input'] as const;

/**
 * The first user message; canonical JSON never holds a raw line break, so lines cannot be forged,
 * and what ends a role for a model is escaped.
 */
export const renderTask = (input: Input): string => {
  const { spec, unit, ...rest } = input;
  const { acceptance, context, ...others } = spec;
  const values = { acceptance, context, spec: others, unit, input: rest };
  return escapeControls(parts.map((part) => `${part}: ${canonicalJson(values[part])}`).join('\n'));
};

/** The user message that follows a tool call or a bad answer. */
export const renderReply = (reply: ToolReply): string => escapeControls(canonicalJson(reply));

/** Reads `renderTask` back. @throws SyntaxError when the message has another form. */
export const parseTask = (message: Message): Input => {
  const lines = message.content.split('\n');
  const [acceptance, context, spec, unit, input] = parts.map((part, index) => {
    const line = lines[index] ?? '';
    if (!line.startsWith(`${part}: `)) throw new SyntaxError(`no line "${part}:"`);
    return JSON.parse(line.slice(part.length + 2));
  });
  return { ...input, spec: { ...spec, acceptance, context }, unit };
};

/** The replies to the calls so far, oldest first. */
export const parseReplies = (messages: readonly Message[]): readonly ToolReply[] =>
  messages
    .filter(({ role }) => role === 'user')
    .slice(1)
    .map(parseReply);

/** A course of calls is gone through again for each reply. */
const parseReply = memoiseByObject(({ content }: Message): ToolReply => JSON.parse(content));

/** A conversation as `prompt.txt` has it. */
export const renderTranscript = (messages: readonly Message[]): string =>
  messages.map(({ role, content }) => `[${role}]\n${content}\n`).join('\n');

const betweenMessages = /\n\n(?=\[(?:system|user|assistant)\]\n)/;
const head = /^\[(system|user|assistant)\]\n/;

/**
 * Reads `renderTranscript` back: system, user, then answers and replies in turn. `undefined` for any other order,
 * which a text with a heading in it makes. Whoever asks compares the number of answers with the steps taken.
 */
export const parseTranscript = (text: string): readonly Message[] | undefined => {
  if (!text.endsWith('\n')) return undefined;
  const messages = text
    .slice(0, -1)
    .split(betweenMessages)
    .map((part): Message | undefined => {
      const [heading, role] = head.exec(part) ?? [];
      return heading === undefined
        ? undefined
        : { role: role as Message['role'], content: part.slice(heading.length) };
    });
  const isInTurn = messages.every((message, index) => message?.role === roleAt(index));
  return isInTurn ? (messages as readonly Message[]) : undefined;
};

const roleAt = (index: number): Message['role'] =>
  index === 0 ? 'system' : index % 2 === 1 ? 'user' : 'assistant';
