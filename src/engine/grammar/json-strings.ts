// SPDX-License-Identifier: GPL-3.0-only
import {
  characterSet,
  type Expression,
  type GrammarRule,
  grammarRule,
  inSequence,
  oneOfExpressions,
  type Ranges,
  repetitionOf,
  textExpression,
} from './expression.ts';

const hexDigit: Ranges = [
  [0x30, 0x39],
  [0x41, 0x46],
  [0x61, 0x66],
];

/** RFC 8259, section 7: all but the quotation mark, the backslash and control characters. */
const unescaped: Ranges = [
  [0x20, 0x21],
  [0x23, 0x5b],
  [0x5d, 0x10_ffff],
];

/** What follows the backslash. Halves of a surrogate pair are no characters: those are written raw. */
const escaped = grammarRule('esc', () => {
  const hex = characterSet(hexDigit);
  const d = characterSet([
    [0x44, 0x44],
    [0x64, 0x64],
  ]);
  const others = characterSet([
    [0x30, 0x39],
    [0x41, 0x43],
    [0x45, 0x46],
    [0x61, 0x63],
    [0x65, 0x66],
  ]);
  return oneOfExpressions(
    characterSet([...'"/\\bfnrt'].map((character) => [code(character), code(character)] as const)),
    inSequence(textExpression('u'), others, hex, hex, hex),
    inSequence(textExpression('u'), d, characterSet([[0x30, 0x37]]), hex, hex),
  );
});

const code = (character: string): number => character.codePointAt(0) ?? 0;

const block = 32;

/**
 * A JSON string of `min` to `max` characters. Rules count in chains of at most 62 characters and
 * blocks of 32: xgrammar stays as fast as without bounds, where its own `{0,500}` of a rule makes
 * a token take 200 ms.
 */
export const stringExpression = (min: number, max: number): Expression =>
  grammarRule(
    undefined,
    () =>
      inSequence(
        textExpression('"'),
        ...exactly(min),
        ...(max === Number.POSITIVE_INFINITY ? [unbounded] : upTo(max - min)),
      ),
    { kind: 'string', min, max },
  );

/** Any characters and the closing quotation mark. */
const unbounded: GrammarRule = grammarRule('s', () =>
  oneOfExpressions(textExpression('"'), ...character(unbounded)),
);

/** A character, in either form, and what follows it. */
const character = (next: Expression): readonly Expression[] => [
  inSequence(characterSet(unescaped), next),
  inSequence(textExpression('\\'), escaped, next),
];

/** At most `count` characters and the closing quotation mark. */
const upTo = (count: number): readonly Expression[] => {
  const parts: Expression[] = [];
  let left = count;
  for (const [size, unit] of units) {
    // What is left must still fill every gap between two multiples of this size.
    const times = Math.floor((left - (size - 1)) / size);
    if (times < 1) continue;
    parts.push(repetitionOf(unit, 0, times));
    left -= times * size;
  }
  return [...parts, tail(left)];
};

const exactly = (count: number): readonly Expression[] => {
  const parts: Expression[] = [];
  let left = count;
  for (const [size, unit] of units) {
    const times = Math.floor(left / size);
    if (times > 0) parts.push(repetitionOf(unit, times, times));
    left -= times * size;
  }
  return left > 0 ? [...parts, run(left)] : parts;
};

/** Exactly `count` characters. */
const run = (count: number): Expression =>
  grammarRule(`b${count}`, () =>
    oneOfExpressions(...character(count === 1 ? textExpression('') : run(count - 1))),
  );

const bigBlock = grammarRule('bb', () => repetitionOf(run(block), block, block));

/** The largest first; what is longer than the largest times 128 is beyond `maxLength`. */
const units: readonly (readonly [number, Expression])[] = [
  [block ** 3, grammarRule('bbb', () => repetitionOf(bigBlock, block, block))],
  [block ** 2, bigBlock],
  [block, run(block)],
];

const tail = (count: number): Expression =>
  count === 0
    ? textExpression('"')
    : grammarRule(`t${count}`, () =>
        oneOfExpressions(textExpression('"'), ...character(tail(count - 1))),
      );
