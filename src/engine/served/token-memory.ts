// SPDX-License-Identifier: GPL-3.0-only
import type { Message } from '../contract/engine.ts';

/** Tokens of conversations that were counted or answered before. */
export type TokenMemory = {
  /** Of the first `length` messages, by default all of them. */
  readonly recall: (messages: readonly Message[], length?: number) => number | undefined;
  readonly remember: (messages: readonly Message[], tokens: number) => void;
};

/** Forgets a conversation with its last message. */
export const openTokenMemory = (): TokenMemory => {
  type Known = { readonly messages: readonly Message[]; readonly tokens: number };
  const byLast = new WeakMap<Message, Known>();
  return {
    recall: (messages, length = messages.length) => {
      const last = messages[length - 1];
      const remembered = last && byLast.get(last);
      const same =
        remembered?.messages.length === length &&
        remembered.messages.every((message, index) => message === messages[index]);
      return same ? remembered.tokens : undefined;
    },
    remember: (messages, tokens) => {
      const last = messages.at(-1);
      if (last) byLast.set(last, { messages: [...messages], tokens });
    },
  };
};
