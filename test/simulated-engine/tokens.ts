// SPDX-License-Identifier: GPL-3.0-only
import { hash } from 'node:crypto';
import type { Message } from '../../src/engine/contract/engine.ts';

/** Text of models comes to three or four characters a token; here every four are one. */
export const tokensOf = (text: string): readonly string[] => text.match(/.{1,4}/gsu) ?? [];

/** A number for each token, the same for the same token. */
export const idsOf = (tokens: readonly string[]): readonly number[] =>
  tokens.map((token) => hash('md5', token, 'buffer').readUInt16BE(0));

/** ChatML. `continued`: the last message is an answer that has begun. */
export const renderPrompt = (messages: readonly Message[], continued: boolean): string => {
  const turns = messages.map(({ role, content }, index) => {
    const open = continued && index === messages.length - 1;
    return `<|im_start|>${role}\n${content}${open ? '' : '<|im_end|>\n'}`;
  });
  return `${turns.join('')}${continued ? '' : '<|im_start|>assistant\n'}`;
};

/** Tokens of one block; only whole blocks from a prompt's beginning on are found again. */
const blockTokens = 16;
const mostBlocks = 200_000;

export type PrefixCache = {
  /** How many tokens of a prompt were seen before, in whole blocks; it is known from here on. */
  readonly look: (tokens: readonly string[]) => number;
  /** Share of the cache in use, 0 to 1. */
  readonly use: () => number;
};

/** As vLLM's: a block is known by its tokens and everything before it; the oldest are forgotten. */
export const openPrefixCache = (): PrefixCache => {
  const cached = new Set<string>();
  return {
    look: (tokens) => {
      let before = '';
      let hits = 0;
      let cold = false;
      // The last token is always computed: an answer begins from it.
      for (let end = blockTokens; end < tokens.length; end += blockTokens) {
        before = hash('sha256', `${before}${tokens.slice(end - blockTokens, end).join('\0')}`);
        cold ||= !cached.has(before);
        if (!cold) hits = end;
        // What is used again is the youngest.
        cached.delete(before);
        cached.add(before);
      }
      for (const oldest of cached) {
        if (cached.size <= mostBlocks) break;
        cached.delete(oldest);
      }
      return hits;
    },
    use: () => cached.size / mostBlocks,
  };
};
