// SPDX-License-Identifier: GPL-3.0-only
import type { Message } from '../contract/engine.ts';
import { openTokenMemory, type TokenMemory } from './token-memory.ts';

/*
 * For a server that tells of no tokenizer. What it answered says how long that prompt was; what was added
 * since is taken for more than it is, and where that comes near the context the server counts.
 */

/** English takes four bytes a token, code three, a small vocabulary or rare letters two. */
const bytesPerToken = 2;
const tokensPerMessage = 12;

/** Up to this share of the context a conversation is not worth a question. */
const unasked = 1 / 4;

export type TokenCounter = Pick<TokenMemory, 'remember'> & {
  readonly count: (messages: readonly Message[]) => Promise<number>;
  /** No less than the conversation takes, without asking. */
  readonly atMost: (messages: readonly Message[]) => number;
};

/**
 * Counts a prompt by what answers told of it, by an estimate where there is room enough, else by asking;
 * `countByServer` gives nothing for a prompt that does not fit.
 */
export const openTokenCounter = (
  contextTokens: () => Promise<number>,
  countByServer: (messages: readonly Message[], context: number) => Promise<number | undefined>,
): TokenCounter => {
  const { recall, remember } = openTokenMemory();
  const atMost: TokenCounter['atMost'] = (messages) => {
    let added = 0;
    for (let length = messages.length; length > 0; length -= 1) {
      const atLength = recall(messages, length);
      if (atLength !== undefined) return atLength + added;
      added += estimate(messages[length - 1]?.content ?? '');
    }
    return added + tokensPerMessage;
  };
  return {
    atMost,
    remember,
    count: async (messages) => {
      const estimated = atMost(messages);
      const context = await contextTokens();
      const exact = recall(messages);
      if (exact !== undefined || estimated <= context * unasked) return estimated;
      const counted = await countByServer(messages, context);
      if (counted !== undefined) remember(messages, counted);
      return counted ?? Math.max(estimated, context + 1);
    },
  };
};

const estimate = (content: string): number =>
  Math.ceil(Buffer.byteLength(content) / bytesPerToken) + tokensPerMessage;
