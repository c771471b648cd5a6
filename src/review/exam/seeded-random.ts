// SPDX-License-Identifier: GPL-3.0-only

/** Choices that are the same for the same seed on every machine. */
export type Random = {
  /** An integer from 0 up to, not including, `below`. */
  readonly int: (below: number) => number;
  /** True with this probability, 0 to 1. */
  readonly chance: (probability: number) => boolean;
  /** One of the items. @throws RangeError when there are none. */
  readonly pick: <T>(items: readonly T[]) => T;
  readonly shuffle: <T>(items: readonly T[]) => readonly T[];
};

/**
 * A generator of numbers from 0 up to 1, seeded with an integer.
 * Source: mulberry32, T. Ettinger, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Choices from a generator seeded with an integer. */
export const seededRandom = (seed: number): Random => {
  const next = createRandom(seed);
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    chance: (probability) => next() < probability,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[int(items.length)] as (typeof items)[number];
    },
    shuffle: (items) => {
      const left = [...items];
      return items.flatMap(() => left.splice(int(left.length), 1));
    },
  };
};
