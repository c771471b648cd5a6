// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { byteLetters, toBytes } from './byte-letters.ts';

/** A byte-level BPE vocabulary; a token's number is its place in `tokens`. */
export type Vocabulary = {
  /** As vocabularies write them: a letter for each byte. */
  readonly tokens: readonly string[];
  readonly merges: readonly string[];
  readonly endOfText: number;
  readonly turnStart: number;
  readonly turnEnd: number;
};

const special = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const;

/** Reads `merges.txt`: 256 bytes, the merges, three tokens of the chat's own, 4,096 in all. */
export const readVocabulary = (): Vocabulary => {
  const file = readFileSync(new URL('merges.txt', import.meta.url), 'utf8');
  const merges = file.trimEnd().split('\n');
  const letters = [...byteLetters].sort();
  const words = [...letters, ...merges.map((merge) => merge.replace(' ', ''))];
  return {
    tokens: [...words, ...special],
    merges,
    endOfText: words.length,
    turnStart: words.length + 1,
    turnEnd: words.length + 2,
  };
};

/** What the weights know of a token. */
export type TokenTraits = {
  readonly quote: boolean;
  readonly blank: boolean;
  /** A blank that is followed by more of them. */
  readonly runs: boolean;
  readonly turnStart: boolean;
  /** How much likelier than a word the token is by itself, in logits. */
  readonly bias: number;
  /** Whether it may end a string, and so waits until the string has some length. */
  readonly closing: boolean;
  readonly turnEnd: boolean;
};

/**
 * Traits that let answers end: closers before separators, few digits, no escapes, no broken
 * characters. Blanks follow blanks, as weak models have it when only a schema holds them.
 */
export const traitsOf = (vocabulary: Vocabulary, token: number): TokenTraits => {
  const traits = {
    quote: false,
    blank: false,
    runs: false,
    turnStart: false,
    closing: false,
    turnEnd: false,
  };
  if (token === vocabulary.turnEnd) return { ...traits, turnEnd: true, bias: 18 };
  if (token === vocabulary.turnStart) return { ...traits, turnStart: true, bias: -40 };
  if (token === vocabulary.endOfText) return { ...traits, bias: -40 };
  const bytes = toBytes(vocabulary.tokens[token] ?? '');
  const text = bytes.toString();
  const quote = text.includes('"');
  const closing = text.startsWith('"');
  const blank = /^\s+$/.test(text);
  // A turn's header ends with a line break, which therefore starts no run of blanks.
  const runs = blank && text !== '\n';
  return { ...traits, quote, blank, runs, closing, bias: biasOf(text, { closing, blank }) };
};

const biasOf = (
  text: string,
  { closing, blank }: Pick<TokenTraits, 'closing' | 'blank'>,
): number => {
  if (text.includes('\\') || text.includes('\ufffd')) return -14;
  if (/[^\P{Cc}\t\n]/u.test(text)) return -14;
  const ends = /[}\]]/.test(text) ? 3 : text.includes(',') ? -4 : 0;
  if (closing) return 9 + ends;
  if (blank) return -2;
  if (/^[}\]]/.test(text)) return 1;
  if (/^[\d.+-]/.test(text)) return -6;
  return text.startsWith(',') ? -3 : 0;
};
