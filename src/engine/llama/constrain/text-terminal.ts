// SPDX-License-Identifier: GPL-3.0-only
import { nextId, type Terminal } from './terminals.ts';

/** No token is longer: where a bound is farther away, it does not matter for the next one. */
const longestToken = 128;

/** Within a character, its later bytes: the least and the most that can come, and what follows. */
const later: readonly (readonly [least: number, most: number, next: number] | undefined)[] = [
  undefined,
  [0x80, 0xbf, 0],
  [0x80, 0xbf, 1],
  [0xa0, 0xbf, 1],
  [0x80, 0x9f, 1],
  [0x90, 0xbf, 14],
  [0x80, 0xbf, 14],
  [0x80, 0x8f, 14],
];
const afterBackslash = 8;
const hexes = { first: 9, afterD: 10, third: 11, last: 12 } as const;
const wideLater = 14;
const wideLast = 15;

/** The UTF-16 units of the character that a place is within; none between two characters. */
export const pendingUnits = (place: number): number => {
  if (place === 0) return 0;
  return (place >= 5 && place <= 7) || place >= wideLater ? 2 : 1;
};

const isHex = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x46) ||
  (byte >= 0x61 && byte <= 0x66);

const escapable = new Set(Buffer.from('"\\/bfnrt'));

/** Where the first byte of a character leads (RFC 3629, section 4), -1 for none. */
const leading = (byte: number): number => {
  if (byte < 0xc2) return -1;
  if (byte < 0xe0) return 1;
  if (byte === 0xe0) return 3;
  if (byte === 0xed) return 4;
  if (byte < 0xf0) return 2;
  if (byte === 0xf0) return 5;
  if (byte < 0xf4) return 6;
  return byte === 0xf4 ? 7 : -1;
};

/**
 * What stands between the quotes of a JSON string: valid UTF-8, no raw control characters, no lone
 * surrogates. Lengths are in UTF-16 units, as zod counts them; ajv counts characters, of which a text has at
 * most as many: what keeps to the maximum here does there, and the minimum is looser here.
 */
export const stringText = (min: number, max: number): Terminal => {
  const cap = Number.isFinite(max) ? max : min;
  // A state is 16 * length + place within a character or an escape.
  const grown = (length: number, by: number): number => {
    if (length + by > max) return -1;
    return 16 * Math.min(length + by, cap);
  };
  const step = (state: number, byte: number): number => {
    const place = state % 16;
    const length = (state - place) / 16;
    if (place === 0) {
      if (length + 1 > max || byte < 0x20 || byte === 0x22) return -1;
      if (byte === 0x5c) return state + afterBackslash;
      if (byte < 0x80) return grown(length, 1);
      const next = leading(byte);
      return next < 0 || (next >= 5 && length + 2 > max) ? -1 : state + next;
    }
    const move = later[place];
    if (move) {
      const [least, most, next] = move;
      if (byte < least || byte > most) return -1;
      return next === 0 ? grown(length, 1) : 16 * length + next;
    }
    if (place >= wideLater) {
      if (byte < 0x80 || byte > 0xbf) return -1;
      return place === wideLast ? grown(length, 2) : 16 * length + wideLast;
    }
    if (place === afterBackslash) {
      if (byte === 0x75) return 16 * length + hexes.first;
      return escapable.has(byte) ? grown(length, 1) : -1;
    }
    return stepHex(place, byte, length);
  };
  const stepHex = (place: number, byte: number, length: number): number => {
    if (!isHex(byte)) return -1;
    const base = 16 * length;
    // \ud800 to \udfff are halves of a character: written raw instead.
    if (place === hexes.first) return base + (byte === 0x64 || byte === 0x44 ? hexes.afterD : 13);
    if (place === hexes.afterD) return byte <= 0x37 ? base + hexes.third : -1;
    if (place === 13) return base + hexes.third;
    return place === hexes.third ? base + hexes.last : grown(length, 1);
  };
  return {
    id: nextId(),
    step,
    ends: (state) => state % 16 === 0 && state / 16 >= min,
    goesOn: (state) => state % 16 !== 0 || state / 16 < max,
    only: () => -1,
    key: (state) => {
      const length = Math.floor(state / 16);
      const far = length >= min && (!Number.isFinite(max) || max - length > longestToken);
      return far ? (state % 16) - 16 : state;
    },
    free: (state) => ({ place: state % 16, room: max - Math.floor(state / 16) }),
  };
};
