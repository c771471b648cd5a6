// SPDX-License-Identifier: GPL-3.0-only
import { pendingUnits, stringText } from './text-terminal.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Tokens and the UTF-16 units that each needs of a string's length, the least first. */
type TokensByUnits = { readonly tokens: Uint32Array; readonly units: Uint32Array };

/** The tokens that can come at a place within a string, whatever string it is. */
export type TextTokens = {
  /** Those that end within the string; `marks` has one at each. */
  readonly staying: TokensByUnits;
  readonly marks: Uint8Array;
  /** Those that have text before the closing quotation mark, by the bytes that stand after it. */
  readonly endings: readonly { readonly tail: Uint8Array; readonly leaving: TokensByUnits }[];
  /** The same, in the vocabulary's order. */
  readonly leaving: readonly number[];
};

const tables = new WeakMap<Vocabulary, Map<number, TextTokens>>();

/** Worked out once per vocabulary and place (see `Terminal.free`), of which there are 16. */
export const textTokens = (vocabulary: Vocabulary, place: number): TextTokens => {
  const byPlace = tables.get(vocabulary) ?? new Map<number, TextTokens>();
  tables.set(vocabulary, byPlace);
  const table = byPlace.get(place) ?? sortTokens(vocabulary, place);
  byPlace.set(place, table);
  return table;
};

/** Those of the tokens that need no more than so many units. */
export const tokensWithin = ({ tokens, units }: TokensByUnits, room: number): Uint32Array => {
  let [from, to] = [0, units.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((units[middle] ?? 0) <= room) from = middle + 1;
    else to = middle;
  }
  return tokens.subarray(0, from);
};

const sortTokens = ({ sorted, bytes }: Vocabulary, place: number): TextTokens => {
  const units = new Uint32Array(bytes.length);
  const marks = new Uint8Array(bytes.length);
  const leaving: number[] = [];
  const endings = Map.groupBy(sorted, (token) => {
    const text = bytes[token] ?? nothing;
    const read = readText(text, place);
    if (!read) return undefined;
    units[token] = read.units;
    if (read.end < 0) {
      marks[token] = 1;
      return undefined;
    }
    leaving.push(token);
    return Buffer.from(text.subarray(read.end + 1)).toString('latin1');
  });
  const byUnits = (tokens: readonly number[]): TokensByUnits => {
    const ordered = Uint32Array.from(tokens).sort((a, b) => (units[a] ?? 0) - (units[b] ?? 0));
    return { tokens: ordered, units: ordered.map((token) => units[token] ?? 0) };
  };
  const staying = byUnits(sorted.filter((token) => marks[token] === 1));
  endings.delete(undefined);
  return {
    staying,
    marks,
    leaving,
    endings: [...endings].map(([tail, tokens]) => ({
      tail: Buffer.from(tail ?? '', 'latin1'),
      leaving: byUnits(tokens),
    })),
  };
};

const nothing = new Uint8Array();
const quote = 0x22;
/** Longer than any token: lengths are counted up to it. */
const { step } = stringText(0, 2 ** 20);

/**
 * The units that a token needs, and where its closing quotation mark is, -1 for none; `undefined` where
 * it cannot come. A mark at the very start is not the text's.
 */
const readText = (
  text: Uint8Array,
  place: number,
): { readonly units: number; readonly end: number } | undefined => {
  let state = place;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text[index] ?? 0;
    if (byte === quote && state % 16 === 0) {
      return index === 0 ? undefined : { units: Math.floor(state / 16), end: index };
    }
    state = step(state, byte);
    if (state < 0) return undefined;
  }
  return { units: Math.floor(state / 16) + pendingUnits(state % 16), end: -1 };
};
