// SPDX-License-Identifier: GPL-3.0-only
import { type AnswerState, advanceBytes, stepByte } from './automaton.ts';
import { textTokens, tokensWithin } from './text-tokens.ts';
import type { Vocabulary } from './vocabulary.ts';

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
