// SPDX-License-Identifier: GPL-3.0-only
import type { Ranges } from '../../grammar/expression.ts';
import { mostDigits } from '../../grammar/json-numbers.ts';

/**
 * A piece of an answer that is read byte by byte. States are numbers, 0 is the first; `step` gives
 * -1 for a byte that cannot come.
 */
export type Terminal = {
  readonly id: number;
  readonly step: (state: number, byte: number) => number;
  /** Whether the piece may end here. */
  readonly ends: (state: number) => boolean;
  /** Whether it may go on. */
  readonly goesOn: (state: number) => boolean;
  /** The one byte that can come within it, or -1 where there are several. */
  readonly only: (state: number) => number;
  /** States with the same key allow the same tokens, as far as a token reaches. */
  readonly key: (state: number) => number;
  /**
   * Set on free text, in which nearly every token can come: the place within a character or an
   * escape, and how many UTF-16 units more there may be.
   */
  readonly free?: (state: number) => { readonly place: number; readonly room: number };
};

let made = 0;

/** A number of its own for each part of a grammar; keys of states are built from them. */
export const nextId = (): number => {
  made += 1;
  return made;
};

/** Exactly these bytes. */
export const literalBytes = (bytes: Uint8Array): Terminal => ({
  id: nextId(),
  step: (state, byte) => (bytes[state] === byte ? state + 1 : -1),
  ends: (state) => state === bytes.length,
  goesOn: (state) => state < bytes.length,
  only: (state) => bytes[state] ?? -1,
  key: (state) => state,
});

/** One ASCII character of a set; what is beyond ASCII stands in strings, which have their own. */
export const asciiSet = (ranges: Ranges): Terminal => ({
  id: nextId(),
  step: (state, byte) =>
    state === 0 && byte < 0x80 && ranges.some(([from, to]) => from <= byte && byte <= to) ? 1 : -1,
  ends: (state) => state === 1,
  goesOn: (state) => state === 0,
  only: () => -1,
  key: (state) => state,
});

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

// States of a number: those from 100 on count the digits before the point, and so on.
const places = { start: 0, sign: 1, zero: 2, point: 3, e: 4, exponentSign: 5 } as const;
const digits = { whole: 100, fraction: 200, exponent: 300 } as const;

/** A JSON number; see `numberRule`. */
export const jsonNumber = (): Terminal => {
  const isIn = (state: number, part: keyof typeof digits): boolean =>
    state > digits[part] && state <= digits[part] + mostDigits[part];
  const count = (state: number, part: keyof typeof digits): number =>
    state < digits[part] + mostDigits[part] ? state + 1 : -1;
  const step = (state: number, byte: number): number => {
    const isE = byte === 0x65 || byte === 0x45;
    if (state === places.start && byte === 0x2d) return places.sign;
    if (state <= places.sign) {
      if (byte === 0x30) return places.zero;
      return isDigit(byte) ? digits.whole + 1 : -1;
    }
    if (state === places.point) return isDigit(byte) ? digits.fraction + 1 : -1;
    if (state === places.e && (byte === 0x2b || byte === 0x2d)) return places.exponentSign;
    if (state === places.e || state === places.exponentSign) {
      return isDigit(byte) ? digits.exponent + 1 : -1;
    }
    if (isIn(state, 'exponent')) return isDigit(byte) ? count(state, 'exponent') : -1;
    if (isE) return places.e;
    if (isIn(state, 'fraction')) return isDigit(byte) ? count(state, 'fraction') : -1;
    if (byte === 0x2e) return places.point;
    return state !== places.zero && isDigit(byte) ? count(state, 'whole') : -1;
  };
  return {
    id: nextId(),
    step,
    ends: (state) => state === places.zero || state > digits.whole,
    goesOn: (state) => state !== digits.exponent + mostDigits.exponent,
    only: () => -1,
    key: (state) => state,
  };
};
