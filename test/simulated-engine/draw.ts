// SPDX-License-Identifier: GPL-3.0-only
import { hash } from 'node:crypto';

/** Numbers from 0 to below 1, the same for the same words: 32 bits of sha256 each. */
export type Draw = () => number;

/** A sequence that depends on nothing but `words`. */
export const openDraw = (...words: readonly (string | number)[]): Draw => {
  const key = JSON.stringify(words);
  let taken = 0;
  return () => {
    const digest = hash('sha256', `${taken} ${key}`, 'buffer');
    taken += 1;
    return digest.readUInt32BE(0) / 2 ** 32;
  };
};

/** One of a list that is not empty. */
export const pick = <T>(list: readonly T[], draw: Draw): T =>
  list[Math.floor(draw() * list.length)] as T;
