// SPDX-License-Identifier: GPL-3.0-only
import type { Ranges } from '../../regex/tree.ts';

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
  /** Set on what is free text: nearly every token can come. */
  readonly wide: boolean;
};

let made = 0;

/** A number of its own for each part of a grammar; keys of states are built from them. */
export const nextId = (): number => {
  made += 1;
  return made;
};

/** Exactly these bytes. */
export const literal = (bytes: Uint8Array): Terminal => ({
  id: nextId(),
  step: (state, byte) => (bytes[state] === byte ? state + 1 : -1),
  ends: (state) => state === bytes.length,
  goesOn: (state) => state < bytes.length,
  only: (state) => bytes[state] ?? -1,
  key: (state) => state,
  wide: false,
});

/** The least code point that takes one more byte than so many, in UTF-8 (RFC 3629, section 3). */
const least = [0, 0x80, 0x800, 0x1_0000] as const;

/** One character of a set without surrogates. */
export const character = (ranges: Ranges): Terminal => {
  // 0 start, 1 end; within, 16 * (bits so far + 1) + 4 * bytes after the first + bytes to come.
  const end = 1;
  const enter = (bits: number, later: number, left: number): number => {
    const size = 64 ** left;
    const from = Math.max(bits * size, least[later] ?? 0);
    const to = bits * size + size - 1;
    if (!ranges.some(([low, high]) => Math.max(low, from) <= Math.min(high, to))) return -1;
    return left === 0 ? end : 16 * (bits + 1) + 4 * later + left;
  };
  return {
    id: nextId(),
    step: (state, byte) => {
      if (state === end) return -1;
      if (state === 0) {
        if (byte < 0x80) return enter(byte, 0, 0);
        if (byte < 0xc0 || byte >= 0xf8) return -1;
        const later = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
        return enter(byte & (0x3f >> later), later, later);
      }
      if (byte < 0x80 || byte > 0xbf) return -1;
      const bits = (Math.floor(state / 16) - 1) * 64 + (byte & 0x3f);
      return enter(bits, (state >> 2) & 3, (state & 3) - 1);
    },
    ends: (state) => state === end,
    goesOn: (state) => state !== end,
    only: () => -1,
    key: (state) => state,
    wide: false,
  };
};

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** Digits of a number, before the point and after it: more are noise of a weak model. */
const maxDigits = 15;

/** A JSON number without exponent, below 1e15; `negative` tells whether it may be. */
export const decimal = ({ negative }: { readonly negative: boolean }): Terminal => {
  // 0 start, 1 after the sign, 2 after a leading zero, 3 after the point;
  // 10 and more: digits before the point; 40 and more: digits after it.
  const whole = 10;
  const fraction = 40;
  const step = (state: number, byte: number): number => {
    if (state <= 1) {
      if (byte === 0x2d) return state === 0 && negative ? 1 : -1;
      if (byte === 0x30) return 2;
      return isDigit(byte) ? whole + 1 : -1;
    }
    if (state === 3) return isDigit(byte) ? fraction + 1 : -1;
    if (byte === 0x2e) return state === 2 || (state > whole && state < fraction) ? 3 : -1;
    if (state === 2 || !isDigit(byte)) return -1;
    const full = state === whole + maxDigits || state === fraction + maxDigits;
    return full ? -1 : state + 1;
  };
  return {
    id: nextId(),
    step,
    ends: (state) => state === 2 || state > whole,
    goesOn: (state) => state !== fraction + maxDigits,
    only: () => -1,
    key: (state) => state,
    wide: false,
  };
};
