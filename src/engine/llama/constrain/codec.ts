// SPDX-License-Identifier: GPL-3.0-only
import type { LlamaModel, Token } from 'node-llama-cpp';
import { createCache } from '../../../data/bounded-cache.ts';
import { type AnswerState, isFreeText, maskKey, stepByte } from './automaton.ts';
import { textTokens } from './text-tokens.ts';
import { allowedTokens } from './token-mask.ts';
import { greedyTokens, type Vocabulary } from './vocabulary.ts';

type Bias = import('node-llama-cpp').TokenBias;

export type TokenMask = { readonly size: number; readonly bias: Bias };

/** Tokens of a model and their bytes, both ways, and which of them can come. */
export type Codec = {
  readonly bytesOf: (tokens: readonly Token[]) => Uint8Array;
  /** Tokens of exactly these bytes, as the model's tokenizer would write them if it can. */
  readonly encode: (bytes: readonly number[]) => readonly Token[];
  /** Puts the tokens that can come in a state above all others. */
  readonly mask: (state: AnswerState) => TokenMask;
  readonly noMask: Bias;
  /** Whether the model ends its turn with it. */
  readonly isEnd: (token: Token) => boolean;
};

/** Far above what logits differ by, and small enough for their differences to count beside it. */
const lift = 1000;
const maxMasks = 2000;
/** Tokens that the kept masks tell the sampler, a share for each of them. */
const maxKept = 4_000_000;

/** Turns text into tokens and states into masks of tokens, and keeps both for the next request. */
export const createCodec = (options: {
  readonly model: LlamaModel;
  readonly vocabulary: Vocabulary;
  readonly createBias: () => Bias;
}): Codec => {
  const { model, vocabulary, createBias } = options;
  const masks = createCache<string, TokenMask & { readonly told: number }>(
    maxKept,
    ({ told }) => told + maxKept / maxMasks,
  );
  const encoded = createCache<string, readonly Token[]>(maxMasks);
  // While the model is opened, so that no answer waits for it.
  textTokens(vocabulary, 0);

  const bytesOf = (tokens: readonly Token[]): Uint8Array => {
    const [only] = tokens;
    if (tokens.length === 1 && only !== undefined) return vocabulary.bytes[only] ?? nothing;
    return Buffer.concat(tokens.map((token) => vocabulary.bytes[token] ?? nothing));
  };

  const encode = (bytes: readonly number[]): readonly Token[] => {
    const wanted = Buffer.from(bytes);
    const key = wanted.toString('latin1');
    const cached = encoded.get(key);
    if (cached) return cached;
    const tokens = model.tokenize(wanted.toString(), false, 'trimLeadingSpace');
    const exact = wanted.equals(bytesOf(tokens))
      ? tokens
      : (greedyTokens(vocabulary, wanted) as readonly Token[] | undefined);
    if (!exact) throw new Error('the vocabulary has no tokens for what must come next');
    encoded.set(key, exact);
    return exact;
  };

  const mask = (state: AnswerState): TokenMask => {
    const key = maskKey(state);
    const cached = masks.get(key);
    if (cached) return cached;
    const { marks, size } = allowedTokens(vocabulary, state);
    // The fewer of the two are told to the sampler: those that can come, or the others.
    const sunk = mayEnd(state) && size > marks.length / 2;
    const bias = createBias();
    for (let token = 0; token < marks.length; token += 1) {
      if ((marks[token] === 1) !== sunk) bias.set(token as Token, { logit: sunk ? -lift : lift });
    }
    const made = { size, bias, told: sunk ? marks.length - size : size };
    masks.set(key, made);
    return made;
  };

  return {
    bytesOf,
    encode,
    mask,
    noMask: createBias(),
    isEnd: (token) => model.isEogToken(token),
  };
};

const nothing = new Uint8Array();

/** Whether a model's end of turn, which no bias sinks, may be taken for the end of a string. */
const mayEnd = (state: AnswerState): boolean =>
  isFreeText(state) && stepByte(state, quote) !== undefined;

const quote = 0x22;
