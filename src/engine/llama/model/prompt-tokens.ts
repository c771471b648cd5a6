// SPDX-License-Identifier: GPL-3.0-only
import type { Token } from 'node-llama-cpp';
import { createCache } from '../../../data/bounded-cache.ts';
import type { Message } from '../../contract/engine.ts';
import { type ChatTokens, type Render, renderPieces } from '../../local/chat-templates.ts';

export type Prompt = {
  readonly tokens: readonly Token[];
  /** How many of them come before the second message's content: the locked beginning. */
  readonly locked: number;
};

export type PromptReader = {
  /** @throws Error when the model's template cannot render such a conversation. */
  readonly read: (messages: readonly Message[]) => Prompt;
  /** Keeps the tokens that an answer was made of, so that the next prompt has the same ones. */
  readonly remember: (text: string, tokens: readonly Token[]) => void;
};

/** Bounds of what is kept: shapes of conversations, and tokens of contents. */
const maxShapes = 256;
const maxKept = 2_000_000;

type Shape = readonly (readonly Token[] | number)[];

/** Turns messages into tokens; a content's tokens do not depend on what stands around it. */
export const createPromptReader = (options: {
  readonly render: Render;
  readonly chat: ChatTokens;
  /** Of what the template writes, with the chat's own tokens. */
  readonly written: (text: string) => readonly Token[];
  /** Of a content, in which nothing is one of the chat's own tokens. */
  readonly content: (text: string) => readonly Token[];
  /** To stand first where the template writes none. */
  readonly bos: Token | undefined;
}): PromptReader => {
  const shapes = createCache<string, Shape>(maxShapes);
  const contents = createCache<string, readonly Token[]>(maxKept, ({ length }) => length);

  const shapeOf = (roles: readonly Message['role'][]): Shape => {
    const key = roles.join(' ');
    const cached = shapes.get(key);
    if (cached) return cached;
    const made = renderPieces(options.render, roles, options.chat).map((piece) =>
      'written' in piece ? options.written(piece.written) : piece.content,
    );
    shapes.set(key, made);
    return made;
  };

  const contentTokens = (text: string): readonly Token[] => {
    const tokens = contents.get(text) ?? options.content(text);
    contents.set(text, tokens);
    return tokens;
  };

  return {
    remember: contents.set,
    read: (messages) => {
      const tokens: Token[] = [];
      let locked: number | undefined;
      for (const part of shapeOf(messages.map(({ role }) => role))) {
        if (typeof part !== 'number') append(tokens, part);
        else {
          if (part === 1) locked ??= tokens.length;
          append(tokens, contentTokens(messages[part]?.content ?? ''));
        }
      }
      const { bos } = options;
      if (bos !== undefined && tokens[0] !== bos) {
        tokens.unshift(bos);
        if (locked !== undefined) locked += 1;
      }
      return { tokens, locked: locked ?? 0 };
    },
  };
};

/** A spread of a long list would not fit on the stack. */
const append = (list: Token[], more: readonly Token[]): void => {
  for (const token of more) list.push(token);
};
