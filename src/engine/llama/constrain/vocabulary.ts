// SPDX-License-Identifier: GPL-3.0-only
import { type AnswerState, advanceBytes, stepByte } from './automaton.ts';
import { textTokens, tokensWithin } from './text-tokens.ts';

/** The bytes of a model's tokens, for reading answers byte by byte. */
export type Vocabulary = {
  /** By token; `undefined` for those that are no text (the end of a turn and the like). */
  readonly bytes: readonly (Uint8Array | undefined)[];
  /** Tokens with text in the order of their bytes. */
  readonly sorted: readonly number[];
  readonly byText: ReadonlyMap<string, number>;
};

/** What a GGUF says of its tokens. */
export type TokenTable = {
  /** `gpt2`: byte-level BPE; `llama`: SentencePiece. */
  readonly model: string;
  readonly tokens: readonly string[];
  readonly kinds: readonly number[];
};

/** Numbers of token kinds in GGUF. */
export const tokenKinds = { normal: 1, userDefined: 4, byte: 6 } as const;

/** Reads the table. `undefined` for a kind of vocabulary whose tokens' bytes are not known. */
export const readVocabulary = (table: TokenTable): Vocabulary | undefined => {
  const decode = decoders[table.model];
  if (!decode) return undefined;
  const bytes = table.tokens.map((token, index) => {
    const tokenKindOf = table.kinds[index] ?? tokenKinds.normal;
    if (tokenKindOf === tokenKinds.normal) return decode(token);
    if (tokenKindOf === tokenKinds.byte) return byteToken(token);
    // Markers like <tool_call> are written as text by none but their makers.
    if (tokenKindOf === tokenKinds.userDefined && !/^<.*>$/.test(token)) return Buffer.from(token);
    return undefined;
  });
  const texts = bytes.map((value) => (value ? Buffer.from(value).toString('latin1') : ''));
  const sorted = [...texts.keys()].filter((token) => texts[token] !== '');
  sorted.sort((a, b) => compare(texts[a] ?? '', texts[b] ?? '') || a - b);
  const byText = new Map<string, number>();
  for (const token of sorted) {
    const text = texts[token] ?? '';
    if (!byText.has(text)) byText.set(text, token);
  }
  return { bytes, sorted, byText };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const byteToken = (token: string): Uint8Array | undefined => {
  const [, hex] = /^<0x([0-9A-Fa-f]{2})>$/.exec(token) ?? [];
  return hex === undefined ? undefined : Uint8Array.of(Number.parseInt(hex, 16));
};

const isShown = (byte: number): boolean =>
  (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;

/** GPT-2's `bytes_to_unicode`, the other way round. */
const letterBytes: ReadonlyMap<string, number> = (() => {
  let next = 256;
  return new Map(
    Array.from({ length: 256 }, (_, byte) => [
      String.fromCodePoint(isShown(byte) ? byte : next++),
      byte,
    ]),
  );
})();

const fromLetters = (token: string): Uint8Array => {
  const bytes: number[] = [];
  for (const letter of token) {
    const byte = letterBytes.get(letter);
    if (byte === undefined) return Buffer.from(token);
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
};

const fromPiece = (token: string): Uint8Array => Buffer.from(token.replaceAll('\u2581', ' '));

const decoders: Readonly<Record<string, (token: string) => Uint8Array>> = {
  gpt2: fromLetters,
  llama: fromPiece,
};

/** A mark at each token that can come, and how many those are. */
type AllowedTokens = { readonly marks: Uint8Array; readonly size: number };

/**
 * The tokens that can come in a state: those whose bytes can all come, one after the other. Of free
 * text only the tokens that end it are read; the others are known, see `textTokens`.
 */
export const allowedTokens = (vocabulary: Vocabulary, { threads }: AnswerState): AllowedTokens => {
  const { sorted, bytes } = vocabulary;
  let marks = new Uint8Array(bytes.length);
  const walk = (tokens: ArrayLike<number>, ways: AnswerState['threads']): void =>
    walkTokens(tokens, bytes, { threads: ways, done: false }, (token) => {
      marks[token] = 1;
    });
  const free = threads.filter(({ terminal }) => terminal.free);
  for (const [index, thread] of free.entries()) {
    const { place, room } = thread.terminal.free?.(thread.state) ?? { place: 0, room: 0 };
    const table = textTokens(vocabulary, place);
    if (index === 0 && room >= (table.staying.units.at(-1) ?? 0)) marks = table.marks.slice();
    else for (const token of tokensWithin(table.staying, room)) marks[token] = 1;
    const after = afterText(thread);
    if (!after) walk(table.leaving, [thread]);
    else {
      for (const { tail, leaving } of table.endings) {
        if (advanceBytes(after, tail).used < tail.length) continue;
        for (const token of tokensWithin(leaving, room)) marks[token] = 1;
      }
    }
  }
  const narrow = threads.filter(({ terminal }) => !terminal.free);
  if (narrow.length > 0) walk(sorted, narrow);
  let size = 0;
  for (let token = 0; token < marks.length; token += 1) size += marks[token] ?? 0;
  return { marks, size };
};

/** The state once a character more and the closing quotation mark are written, where they can come. */
const afterText = (thread: AnswerState['threads'][number]): AnswerState | undefined => {
  const longer = stepByte({ threads: [thread], done: false }, 0x78);
  return longer && stepByte(longer, 0x22);
};

/** Follows tokens in the order of their bytes as far as they can come, and names those that do. */
const walkTokens = (
  tokens: ArrayLike<number>,
  bytes: Vocabulary['bytes'],
  from: AnswerState,
  allow: (token: number) => void,
): void => {
  const walk = (low: number, high: number, depth: number, state: AnswerState): void => {
    let at = low;
    while (at < high) {
      const token = tokens[at] ?? 0;
      const byte = bytes[token]?.[depth];
      if (byte === undefined) {
        allow(token);
        at += 1;
        continue;
      }
      const end = endOfByte(at, high, depth, byte);
      const next = stepByte(state, byte);
      if (next) walk(at, end, depth + 1, next);
      at = end;
    }
  };
  /** Where the run of tokens with this byte at this place ends. */
  const endOfByte = (low: number, high: number, depth: number, byte: number): number => {
    let [first, last] = [low + 1, high];
    while (first < last) {
      const middle = (first + last) >> 1;
      if (bytes[tokens[middle] ?? 0]?.[depth] === byte) first = middle + 1;
      else last = middle;
    }
    return first;
  };
  walk(0, tokens.length, 0, from);
};

/** The longest token that begins at `from`, again and again; `undefined` where a byte has none. */
export const greedyTokens = (
  { byText }: Vocabulary,
  bytes: Uint8Array,
): readonly number[] | undefined => {
  const text = Buffer.from(bytes).toString('latin1');
  const tokens: number[] = [];
  for (let from = 0; from < text.length; ) {
    let length = Math.min(longestToken, text.length - from);
    while (length > 0 && !byText.has(text.slice(from, from + length))) length -= 1;
    const token = byText.get(text.slice(from, from + length));
    if (token === undefined) return undefined;
    tokens.push(token);
    from += length;
  }
  return tokens;
};

const longestToken = 64;
