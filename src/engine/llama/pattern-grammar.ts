// SPDX-License-Identifier: GPL-3.0-only
import { capRepeats, intersect, type Ranges, type RegexTree } from '../regex-tree.ts';
import { choice, type Grammar, repeat, sequence, terminal, text } from './grammar.ts';
import { oneByte } from './terminals.ts';

/** Characters that JSON writes with an escape; all others are written as they are. */
const toEscape: Ranges = [
  [0, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
];
const raw: Ranges = [
  [0x20, 0x21],
  [0x23, 0x5b],
  [0x5d, 0xd7ff],
  [0xe000, 0x10_ffff],
];

/** What a pattern matches, as it stands between the quotes of a JSON string. */
export const patternGrammar = (tree: RegexTree, max: number): Grammar =>
  build(Number.isFinite(max) ? capRepeats(tree, max) : tree);

const build = (tree: RegexTree): Grammar => {
  if (tree.kind === 'set') return characters(tree.ranges);
  if (tree.kind === 'sequence') return sequence(...tree.parts.map(build));
  if (tree.kind === 'choice') return choice(tree.options.map(build));
  return repeat(build(tree.part), tree.min, tree.max);
};

/** Whether a repetition in it can match nothing, over and over. */
export const isCircular = (tree: RegexTree): boolean => {
  if (tree.kind === 'set') return false;
  if (tree.kind === 'repeat') return isEmptyable(tree.part) || isCircular(tree.part);
  return (tree.kind === 'sequence' ? tree.parts : tree.options).some(isCircular);
};

const isEmptyable = (tree: RegexTree): boolean => {
  if (tree.kind === 'set') return false;
  if (tree.kind === 'sequence') return tree.parts.every(isEmptyable);
  if (tree.kind === 'choice') return tree.options.some(isEmptyable);
  return tree.min === 0 || isEmptyable(tree.part);
};

const characters = (ranges: Ranges): Grammar => {
  const escapes = [...points(intersect(ranges, toEscape))].map((point) =>
    text(JSON.stringify(String.fromCodePoint(point)).slice(1, -1)),
  );
  const single = new Uint8Array(256);
  const longer: Grammar[] = [];
  for (const [from, to] of intersect(ranges, raw)) {
    for (const bytes of byteRanges(from, to)) {
      const [only] = bytes;
      if (bytes.length === 1 && only) single.fill(1, only[0], only[1] + 1);
      else longer.push(sequence(...bytes.map(byteIn)));
    }
  }
  const short = single.includes(1) ? [terminal(oneByte(single))] : [];
  return choice([...short, ...longer, ...escapes]);
};

const points = function* (ranges: Ranges): Generator<number> {
  for (const [from, to] of ranges) for (let point = from; point <= to; point += 1) yield point;
};

type ByteRange = readonly [number, number];

const byteIn = ([from, to]: ByteRange): Grammar =>
  terminal(oneByte(new Uint8Array(256).fill(1, from, to + 1)));

const lengths: readonly ByteRange[] = [
  [0, 0x7f],
  [0x80, 0x7ff],
  [0x800, 0xffff],
  [0x1_0000, 0x10_ffff],
];

/** The UTF-8 of code points in a row, as sequences of byte ranges (as in Go's regexp/syntax). */
export const byteRanges = (from: number, to: number): readonly (readonly ByteRange[])[] =>
  lengths.flatMap(([least, most], index) => {
    const low = Math.max(from, least);
    const high = Math.min(to, most);
    return low > high ? [] : split(low, high, index);
  });

/** `later` bytes follow the first one; below the last place each byte is whole or alone. */
const split = (from: number, to: number, later: number): readonly (readonly ByteRange[])[] => {
  for (let place = 1; place <= later; place += 1) {
    const mask = 64 ** place - 1;
    const lowEnd = from + mask - (from % (mask + 1));
    if (Math.floor(from / (mask + 1)) === Math.floor(to / (mask + 1))) continue;
    if (from % (mask + 1) !== 0) {
      return [...split(from, lowEnd, later), ...split(lowEnd + 1, to, later)];
    }
    if (to % (mask + 1) !== mask) {
      const highStart = to - (to % (mask + 1));
      return [...split(from, highStart - 1, later), ...split(highStart, to, later)];
    }
  }
  const low = Buffer.from(String.fromCodePoint(from));
  const high = Buffer.from(String.fromCodePoint(to));
  return [Array.from(low, (byte, index) => [byte, high[index] ?? byte] as const)];
};
