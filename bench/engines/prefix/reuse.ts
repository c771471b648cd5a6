// SPDX-License-Identifier: GPL-3.0-only
import { hash } from 'node:crypto';
import type { Message } from '../../../src/engine/contract/engine.ts';

/** A node's conversation, from the system message to the last answer. */
export type Conversation = readonly Message[];

/** The prompts of a conversation's steps: what stood before each answer. */
export const stepsOf = (conversation: Conversation): readonly (readonly Message[])[] =>
  conversation.flatMap(({ role }, index) =>
    role === 'assistant' ? [conversation.slice(0, index)] : [],
  );

/**
 * The same words in the order that comes first to mind: what was done so far, then the task, so
 * that the task is the last thing a model reads.
 */
export const naively = (prompt: readonly Message[]): readonly Message[] => {
  const [system, task, ...done] = prompt;
  if (!system || !task) throw new Error('a prompt has a system message and a task');
  const results = done.map(({ content }) => content).join('\n');
  return [
    system,
    { role: 'user', content: results ? `${results}\n${task.content}` : task.content },
  ];
};

/** ChatML, the form of most small models. */
export const render = (prompt: readonly Message[]): string =>
  `${prompt.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join('')}<|im_start|>assistant\n`;

/** A node's conversation as `prompt.txt` of its bundle holds it; every message but the first is one line. */
export const readTranscript = (text: string): Conversation => {
  const parts = text.split(/(?:^|\n)\[(system|user|assistant)\]\n/).slice(1);
  return Array.from({ length: parts.length / 2 }, (_, index) => ({
    role: parts[2 * index] as Message['role'],
    content: (parts[2 * index + 1] ?? '').replace(/\n$/, ''),
  }));
};

export type Reuse = { readonly prompt: number; readonly reusable: number };

/** Tokens of a block: a prefix cache keeps whole ones only (16 in vLLM unless told otherwise). */
const blockTokens = 16;

/**
 * A cache that forgets nothing, asked about prompts in their order. What it tells is the most that
 * any prefix cache could serve.
 */
export const openReuse = (): ((tokens: readonly number[]) => Reuse) => {
  const known = new Set<string>();
  return (tokens) => {
    let before = '';
    let reusable = 0;
    let cold = false;
    for (let end = blockTokens; end <= tokens.length; end += blockTokens) {
      before = hash('sha256', `${before} ${tokens.slice(end - blockTokens, end).join(' ')}`);
      cold ||= !known.has(before);
      if (!cold) reusable = end;
      known.add(before);
    }
    // An answer is computed from its prompt's last token, which is never served.
    return { prompt: tokens.length, reusable: Math.min(reusable, tokens.length - 1) };
  };
};
