// SPDX-License-Identifier: GPL-3.0-only
import { nextId, type Terminal } from './terminals.ts';

/**
 * One of these texts, which no other can be the same as. A state is how far was read and the range of
 * the sorted texts that begin so: thousands cost no more than one.
 */
export const oneOfTexts = (texts: readonly Uint8Array[]): Terminal => {
  const sorted = texts.toSorted(Buffer.compare);
  const { length } = sorted;
  const size = length + 1;
  /** The first state, of all texts, is 0. */
  const stateOf = (depth: number, low: number, high: number): number =>
    (depth * size + low) * size + (length - high);
  const read = (state: number): readonly [depth: number, low: number, high: number] => {
    const rest = Math.floor(state / size);
    return [Math.floor(rest / size), rest % size, length - (state % size)];
  };
  const byteAt = (index: number, depth: number): number => sorted[index]?.[depth] ?? -1;
  /** The first text of a range whose byte is this or more. */
  const firstFrom = (byte: number, depth: number, low: number, high: number): number => {
    let [from, to] = [low, high];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (byteAt(middle, depth) < byte) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return {
    id: nextId(),
    step: (state, byte) => {
      const [depth, low, high] = read(state);
      const from = firstFrom(byte, depth, low, high);
      const to = firstFrom(byte + 1, depth, from, high);
      return from < to ? stateOf(depth + 1, from, to) : -1;
    },
    ends: (state) => {
      const [depth, low] = read(state);
      return byteAt(low, depth) < 0;
    },
    goesOn: (state) => {
      const [depth, , high] = read(state);
      return byteAt(high - 1, depth) >= 0;
    },
    only: (state) => {
      const [depth, low, high] = read(state);
      const byte = byteAt(low, depth);
      return byte === byteAt(high - 1, depth) ? byte : -1;
    },
    key: (state) => state,
  };
};
