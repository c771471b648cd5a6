// SPDX-License-Identifier: GPL-3.0-only

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
  /** Of a literal. */
  readonly bytes?: Uint8Array;
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
  bytes,
  step: (state, byte) => (bytes[state] === byte ? state + 1 : -1),
  ends: (state) => state === bytes.length,
  goesOn: (state) => state < bytes.length,
  only: (state) => bytes[state] ?? -1,
  key: (state) => state,
  wide: false,
});

/** One byte of a set; `allowed` holds 256 flags. */
export const oneByte = (allowed: Uint8Array): Terminal => {
  const first = allowed.indexOf(1);
  const only = first >= 0 && allowed.indexOf(1, first + 1) < 0 ? first : -1;
  return {
    id: nextId(),
    step: (state, byte) => (state === 0 && allowed[byte] === 1 ? 1 : -1),
    ends: (state) => state === 1,
    goesOn: (state) => state === 0,
    only: () => only,
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

/** A whole number from `min` to `max`, both safe integers; without bounds up to 15 digits. */
export const integer = (min: number, max: number): Terminal => {
  const low = Math.max(min, -1e15 + 1);
  const high = Math.min(max, 1e15 - 1);
  // 0 start, 1 after the sign, else 2 + 2 * value + (negative ? 1 : 0).
  const valueIn = (state: number): number => Math.floor((state - 2) / 2);
  const isBelow = (state: number): boolean => (state - 2) % 2 === 1;
  const reachable = (value: number, negative: boolean): boolean => {
    for (let scale = 1; value * scale < 1e15; scale *= 10) {
      const from = value * scale;
      const to = from + scale - 1;
      if (negative ? -to <= high && -from >= low : from <= high && to >= low) return true;
      if (value === 0) return false;
    }
    return false;
  };
  const pack = (value: number, negative: boolean): number =>
    reachable(value, negative) ? 2 + 2 * value + (negative ? 1 : 0) : -1;
  return {
    id: nextId(),
    step: (state, byte) => {
      if (byte === 0x2d) return state === 0 && low < 0 ? 1 : -1;
      if (!isDigit(byte)) return -1;
      const digit = byte - 0x30;
      if (state === 0) return pack(digit, false);
      if (state === 1) return digit === 0 ? -1 : pack(digit, true);
      const value = valueIn(state);
      return value === 0 ? -1 : pack(value * 10 + digit, isBelow(state));
    },
    ends: (state) => {
      if (state < 2) return false;
      const value = isBelow(state) ? -valueIn(state) : valueIn(state);
      return value >= low && value <= high;
    },
    goesOn: (state) => {
      if (state < 2) return true;
      const value = valueIn(state);
      if (value === 0) return false;
      return Array.from({ length: 10 }, (_, digit) => digit).some((digit) =>
        reachable(value * 10 + digit, isBelow(state)),
      );
    },
    only: () => -1,
    key: (state) => state,
    wide: false,
  };
};
