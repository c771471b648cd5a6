// SPDX-License-Identifier: GPL-3.0-only

/** Numbers of [0, 1) from a seed: mulberry32, by Tommy Ettinger, in the public domain. */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** What draws from lists. */
export type Draw = {
  readonly chance: (share: number) => boolean;
  readonly between: (least: number, most: number) => number;
  readonly one: <Value>(values: readonly Value[]) => Value;
  /** `count` different ones. */
  readonly some: <Value>(values: readonly Value[], count: number) => readonly Value[];
};

export const drawFrom = (random: () => number): Draw => {
  const between = (least: number, most: number): number =>
    least + Math.floor(random() * (most - least + 1));
  const one = <Value>(values: readonly Value[]): Value =>
    values[between(0, values.length - 1)] as Value;
  return {
    chance: (share) => random() < share,
    between,
    one,
    some: (values, count) => {
      const left = [...values];
      return Array.from({ length: Math.min(count, left.length) }, () => {
        const [value] = left.splice(between(0, left.length - 1), 1);
        return value as (typeof values)[number];
      });
    },
  };
};
