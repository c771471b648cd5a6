// SPDX-License-Identifier: GPL-3.0-only
import { isUtf8 } from 'node:buffer';
import type { Token, TokenBias } from 'node-llama-cpp';
import type { SlotPlace } from '../model/slots.ts';
import {
  type AnswerState,
  advanceBytes,
  forcedBytes,
  isAnswerOver,
  isFreeText,
} from './automaton.ts';
import type { Codec } from './codec.ts';

export type WriteOptions = {
  readonly place: SlotPlace;
  readonly codec: Codec;
  /** Tokens of the prompt that the sequence has not evaluated yet; at least one. */
  readonly prompt: readonly Token[];
  /** Where the answer begins; `undefined` for free text. */
  readonly start: AnswerState | undefined;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number | undefined;
  /** Whether the answer's probability is to be told. */
  readonly confidence: true | undefined;
  readonly signal: AbortSignal;
  /** Told what was written before, at each token. */
  readonly onToken: (tokens: readonly Token[]) => void;
};

export type WrittenAnswer = {
  readonly tokens: readonly Token[];
  readonly finish: 'stop' | 'length';
  /** Product of the probabilities of what the model chose among what could come; 1 where it was not asked for. */
  readonly confidence: number;
};

type Written = Omit<WrittenAnswer, 'confidence'>;

type Sampling = {
  readonly next: (tokens: Token[], mask: TokenBias | undefined) => Promise<Token | undefined>;
  readonly again: (mask: TokenBias) => Promise<Token | undefined>;
  readonly confidence: () => number;
  readonly end: () => Promise<void>;
};

/**
 * Lets the model write its answer within a grammar. What the grammar forces is fed and not sampled;
 * in free text the model samples as it likes and its token is read after; only where few tokens
 * can come are the others masked. @throws the signal's reason.
 */
export const writeAnswer = async (options: WriteOptions): Promise<WrittenAnswer> => {
  const sampling = startSampling(options);
  const { place, start } = options;
  try {
    const written = await place.whileWriting(() =>
      start ? writeHeld(options, start, sampling) : writeFree(options, sampling),
    );
    return { ...written, confidence: sampling.confidence() };
  } finally {
    await sampling.end();
  }
};

const writeFree = async (options: WriteOptions, sampling: Sampling): Promise<Written> => {
  const { codec, maxTokens, signal, onToken } = options;
  const tokens: Token[] = [];
  while (tokens.length < maxTokens) {
    signal.throwIfAborted();
    const token = await sampling.next(tokens.slice(-1), undefined);
    onToken(tokens);
    if (token === undefined || codec.isEnd(token)) return { tokens, finish: 'stop' };
    tokens.push(token);
  }
  return { tokens, finish: 'length' };
};

const writeHeld = async (
  options: WriteOptions,
  start: AnswerState,
  sampling: Sampling,
): Promise<Written> => {
  const { codec, maxTokens, signal, onToken } = options;
  const tokens: Token[] = [];
  /** How many of them the model has been fed, and the state after those. */
  let fed = 0;
  let fedState = start;
  let state = start;

  /** Writes what must come; a token that is not fed yet is joined with it, as a tokenizer would. */
  const writeForced = (): AnswerState => {
    const span = forcedBytes(state);
    if (span.bytes.length === 0) return state;
    state = span.state;
    const unfed = codec.bytesOf(tokens.slice(fed));
    tokens.splice(fed, Number.POSITIVE_INFINITY, ...codec.encode([...unfed, ...span.bytes]));
    return isAnswerOver(state) || isFreeText(state) ? state : holdBack();
  };

  /** Leaves the last token to the model where what follows it is a choice: `":` or `":{}`. */
  const holdBack = (): AnswerState => {
    const from = fed === 0 ? 1 : 2;
    if (tokens.length - fed < from) return state;
    const unsent = tokens.slice(fed, -1);
    const before = advanceBytes(fedState, codec.bytesOf(unsent)).state;
    if (codec.mask(before).size < 2) return state;
    tokens.pop();
    return before;
  };

  for (;;) {
    signal.throwIfAborted();
    state = writeForced();
    if (tokens.length > maxTokens) {
      return { tokens: tokens.slice(0, maxTokens), finish: 'length' };
    }
    if (isAnswerOver(state)) return { tokens, finish: 'stop' };
    if (tokens.length === maxTokens) return { tokens, finish: 'length' };
    const wide = isFreeText(state);
    const token = await sampling.next(tokens.slice(fed), wide ? undefined : codec.mask(state).bias);
    fed = tokens.length;
    fedState = state;
    onToken(tokens);
    let taken = take(codec, state, token);
    if (taken === 'end') return { tokens, finish: 'stop' };
    if (!taken) {
      signal.throwIfAborted();
      taken = take(codec, state, await sampling.again(codec.mask(state).bias));
      if (taken === 'end') return { tokens, finish: 'stop' };
      if (!taken) throw new Error('no token of this model can go on with the answer');
    }
    tokens.push(...taken.tokens);
    state = taken.state;
  }
};

const quote = Uint8Array.of(0x22);

/**
 * What an answer gains by a sampled token: all of it, or as much of it as can come. A model that
 * would end within a string ends the string.
 */
const take = (
  codec: Codec,
  state: AnswerState,
  token: Token | undefined,
): { readonly tokens: readonly Token[]; readonly state: AnswerState } | 'end' | undefined => {
  if (token === undefined) return undefined;
  const ends = codec.isEnd(token);
  if (ends && state.done) return 'end';
  const bytes = ends && isFreeText(state) ? quote : codec.bytesOf([token]);
  if (bytes.length === 0) return undefined;
  const read = advanceBytes(state, bytes);
  if (read.used === bytes.length) {
    return { tokens: ends ? codec.encode([...bytes]) : [token], state: read.state };
  }
  const whole = wholeCharacters(bytes.subarray(0, read.used));
  if (whole.length === 0) return undefined;
  return { tokens: codec.encode([...whole]), state: advanceBytes(state, whole).state };
};

/** Without a character that is cut at the end. */
const wholeCharacters = (bytes: Uint8Array): Uint8Array => {
  for (let cut = 0; cut < 4 && cut < bytes.length; cut += 1) {
    const shorter = bytes.subarray(0, bytes.length - cut);
    if (isUtf8(shorter)) return shorter;
  }
  return bytes.subarray(0, 0);
};

const startSampling = ({ place, codec, prompt, ...options }: WriteOptions): Sampling => {
  const { sequence } = place;
  let mask = codec.noMask;
  let last: Token | undefined;
  let before = 1;
  let confidence = 1;
  let iterator: AsyncGenerator<Sampled, void, undefined | Token | Token[]> | undefined;
  const start = (tokens: Token[]): NonNullable<typeof iterator> => {
    const settings = {
      temperature: options.temperature,
      topK: 0,
      topP: 1,
      ...(options.seed !== undefined && { seed: options.seed }),
      tokenBias: () => mask,
      yieldEogToken: true,
      evaluationPriority: place.rank,
    };
    return options.confidence
      ? sequence.evaluateWithMetadata(tokens, { confidence: true }, settings)
      : sequence.evaluate(tokens, settings);
  };
  const ask = async (tokens: Token[]): Promise<Token | undefined> => {
    last = tokens.at(-1);
    const isFirst = iterator === undefined;
    iterator ??= start(tokens);
    const { value } = await (isFirst ? iterator.next() : iterator.next(tokens));
    if (typeof value !== 'object') return value ?? undefined;
    before = confidence;
    confidence *= value.confidence;
    return value.token;
  };
  return {
    next: (tokens, nextMask) => {
      mask = nextMask ?? codec.noMask;
      return ask(iterator ? tokens : [...prompt, ...tokens]);
    },
    again: async (given) => {
      mask = given;
      confidence = before;
      const end = sequence.nextTokenIndex;
      await sequence.eraseContextTokenRanges([{ start: end - 1, end }]);
      return last === undefined ? undefined : ask([last]);
    },
    confidence: () => confidence,
    end: async () => {
      await iterator?.return();
    },
  };
};

type Sampled = Token | { readonly token: Token; readonly confidence: number };
