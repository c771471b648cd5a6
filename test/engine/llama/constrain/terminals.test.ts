// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { character } from '../../../../src/engine/llama/constrain/terminals.ts';
import { type Ranges, unite } from '../../../../src/engine/regex/tree.ts';

const takes = (ranges: Ranges, bytes: Uint8Array): boolean => {
  const terminal = character(ranges);
  let state = 0;
  for (const byte of bytes) {
    if (state < 0 || !terminal.goesOn(state)) return false;
    state = terminal.step(state, byte);
  }
  return state >= 0 && terminal.ends(state);
};

const isSurrogate = (point: number): boolean => point >= 0xd800 && point <= 0xdfff;
const edges = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x1_0000, 0x10_ffff];
const point = fc
  .oneof(fc.constantFrom(...edges), fc.integer({ min: 0, max: 0x10_ffff }))
  .filter((found) => !isSurrogate(found));

test('a set takes the UTF-8 of its own characters and of no other', (t) => {
  const range = fc
    .tuple(point, point)
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    .filter(([from, to]) => to < 0xd800 || from > 0xdfff);
  fc.assert(
    fc.property(fc.array(range, { maxLength: 4 }), point, (given, other) => {
      const ranges = unite(given);
      const near = ranges.flatMap(([from, to]) => [from - 1, from, to, to + 1]);
      return [...edges, ...near, other]
        .filter((each) => each >= 0 && each <= 0x10_ffff && !isSurrogate(each))
        .every(
          (each) =>
            takes(ranges, Buffer.from(String.fromCodePoint(each))) ===
            ranges.some(([from, to]) => from <= each && each <= to),
        );
    }),
    { numRuns: 100 },
  );
  t.pass();
});

const all: Ranges = [
  [0, 0xd7ff],
  [0xe000, 0x10_ffff],
];

test('bytes that are no UTF-8 are no character', (t) => {
  for (const bytes of [
    [],
    [0x80],
    [0xc1, 0xbf],
    [0xc3],
    [0xc3, 0x29],
    [0xe0, 0x9f, 0xbf],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x8f, 0xbf, 0xbf],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf8, 0x88, 0x80, 0x80, 0x80],
    [0xff],
    [0x61, 0x61],
  ]) {
    t.false(takes(all, Uint8Array.from(bytes)), bytes.map((byte) => byte.toString(16)).join(' '));
  }
});
