// SPDX-License-Identifier: GPL-3.0-only
import { pendingUnits, stringText } from './text-terminal.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The tokens that can come at a place within a string, whatever string it is. */
export type TextTokens = {
  /** Those that end within the string, and the UTF-16 units that each needs; the least first. */
  readonly staying: readonly number[];
  readonly units: readonly number[];
  /** Those that hold the closing quotation mark, in the vocabulary's order. */
  readonly leaving: readonly number[];
};

const tables = new WeakMap<Vocabulary, Map<number, TextTokens>>();

/** Worked out once per vocabulary and place (see `Terminal.free`), of which there are 16. */
export const textTokens = (vocabulary: Vocabulary, place: number): TextTokens => {
  const byPlace = tables.get(vocabulary) ?? new Map<number, TextTokens>();
  tables.set(vocabulary, byPlace);
  const table = byPlace.get(place) ?? readTokens(vocabulary, place);
  byPlace.set(place, table);
  return table;
};

/** Longer than any token: lengths are counted up to it. */
const { step } = stringText(0, 2 ** 20);
const quote = 0x22;

const readTokens = ({ sorted, bytes }: Vocabulary, place: number): TextTokens => {
  const staying: { readonly token: number; readonly units: number }[] = [];
  const leaving: number[] = [];
  for (const token of sorted) {
    const units = unitsOf(bytes[token] ?? nothing, place);
    if (units === 'leaves') leaving.push(token);
    else if (units !== undefined) staying.push({ token, units });
  }
  staying.sort((one, other) => one.units - other.units);
  return {
    staying: staying.map(({ token }) => token),
    units: staying.map(({ units }) => units),
    leaving,
  };
};

const nothing = new Uint8Array();

/** What a token needs of a string's length; `undefined` where it cannot come. */
const unitsOf = (bytes: Uint8Array, place: number): number | 'leaves' | undefined => {
  let state = place;
  for (const byte of bytes) {
    if (state % 16 === 0 && byte === quote) return 'leaves';
    state = step(state, byte);
    if (state < 0) return undefined;
  }
  return Math.floor(state / 16) + pendingUnits(state % 16);
};
