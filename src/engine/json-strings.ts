// SPDX-License-Identifier: GPL-3.0-only
import { choice, type Expression, repeat, rule, sequence, set, text } from './grammar.ts';
import { complement, intersect, type Ranges, type RegexTree } from './regex-tree.ts';

/** Where rules are kept as they are needed; `add` works one out once. */
export type Rules = {
  readonly add: (name: string, make: () => Expression) => Expression;
  /** A rule for what stands in several places. */
  readonly share: (expression: Expression) => Expression;
};

const hexDigit: Ranges = [
  [0x30, 0x39],
  [0x41, 0x46],
  [0x61, 0x66],
];

/** RFC 8259, section 7: all but the quotation mark, the backslash and control characters. */
const unescaped: Ranges = complement([
  [0, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
]);

const surrogates: Ranges = [[0xd800, 0xdfff]];

/** What follows the backslash. A half of a surrogate pair alone is no character. */
const escapeRule = (): Expression => {
  const hex = set(hexDigit);
  const highs: Ranges = [
    [0x30, 0x39],
    [0x41, 0x43],
    [0x45, 0x46],
    [0x61, 0x63],
    [0x65, 0x66],
  ];
  const d = set([
    [0x44, 0x44],
    [0x64, 0x64],
  ]);
  const first = set([
    [0x38, 0x39],
    [0x41, 0x42],
    [0x61, 0x62],
  ]);
  const second = set([
    [0x43, 0x46],
    [0x63, 0x66],
  ]);
  return choice(
    set([...'"/\\bfnrt'].map((character) => [code(character), code(character)] as const)),
    sequence(text('u'), set(highs), hex, hex, hex),
    sequence(text('u'), d, set([[0x30, 0x37]]), hex, hex),
    sequence(text('u'), d, first, hex, hex, text('\\u'), d, second, hex, hex),
  );
};

const code = (character: string): number => character.codePointAt(0) ?? 0;

const block = 32;

/**
 * A JSON string of `min` to `max` characters. Rules count in chains of at most 62 characters and
 * blocks of 32: xgrammar stays as fast as without bounds, where its own `{0,500}` of a rule makes
 * a token take 200 ms.
 */
export const stringOf = (rules: Rules, min: number, max: number): Expression => {
  if (max === Number.POSITIVE_INFINITY) {
    return sequence(text('"'), ...exactly(rules, min), unbounded(rules));
  }
  return sequence(text('"'), ...exactly(rules, min), ...upTo(rules, max - min));
};

/** Any characters and the closing quotation mark. */
const unbounded = (rules: Rules): Expression =>
  rules.add('s', () => choice(text('"'), ...character(rules, rule('s'))));

/** A character, in either form, and what follows it. */
const character = (rules: Rules, next: Expression): readonly Expression[] => [
  sequence(set(unescaped), next),
  sequence(text('\\'), rules.add('esc', escapeRule), next),
];

/** At most `count` characters and the closing quotation mark. */
const upTo = (rules: Rules, count: number): readonly Expression[] => {
  const parts: Expression[] = [];
  let left = count;
  for (const [size, unit] of units(rules)) {
    // What is left must still fill every gap between two multiples of this size.
    const times = Math.floor((left - (size - 1)) / size);
    if (times < 1) continue;
    parts.push(repeat(unit(), 0, times));
    left -= times * size;
  }
  return [...parts, tail(rules, left)];
};

const exactly = (rules: Rules, count: number): readonly Expression[] => {
  const parts: Expression[] = [];
  let left = count;
  for (const [size, unit] of units(rules)) {
    const times = Math.floor(left / size);
    if (times > 0) parts.push(repeat(unit(), times, times));
    left -= times * size;
  }
  return left > 0 ? [...parts, run(rules, left)] : parts;
};

/** The largest first; what is longer than the largest times 128 is beyond `maxLength`. */
const units = (rules: Rules): readonly (readonly [number, () => Expression])[] => [
  [block ** 3, () => rules.add('bbb', () => repeat(bigBlock(rules), block, block))],
  [block ** 2, () => bigBlock(rules)],
  [block, () => run(rules, block)],
];

const bigBlock = (rules: Rules): Expression =>
  rules.add('bb', () => repeat(run(rules, block), block, block));

/** Exactly `count` characters. */
const run = (rules: Rules, count: number): Expression =>
  rules.add(`b${count}`, () =>
    choice(...character(rules, count === 1 ? text('') : run(rules, count - 1))),
  );

const tail = (rules: Rules, count: number): Expression =>
  count === 0
    ? text('"')
    : rules.add(`t${count}`, () => choice(text('"'), ...character(rules, tail(rules, count - 1))));

/** What a regular expression matches, as it stands between the quotation marks of a JSON string. */
export const patternOf = (tree: RegexTree): Expression => {
  if (tree.kind === 'set') return escapedSet(tree.ranges);
  if (tree.kind === 'sequence') return sequence(...tree.parts.map(patternOf));
  if (tree.kind === 'choice') return choice(...tree.options.map(patternOf));
  return times(patternOf(tree.part), tree.min, tree.max);
};

const largestCount = 128;

/** `min` to `max` of a part, counted in blocks where there are many. */
const times = (part: Expression, min: number, max: number): Expression => {
  if (max <= largestCount || (max === Number.POSITIVE_INFINITY && min <= largestCount)) {
    return repeat(part, min, max);
  }
  return sequence(exactTimes(part, min), upToTimes(part, max - min));
};

const exactTimes = (part: Expression, count: number): Expression => {
  if (count <= largestCount) return count === 0 ? text('') : repeat(part, count, count);
  const size = Math.floor(Math.sqrt(count));
  return sequence(
    repeat(repeat(part, size, size), Math.floor(count / size), Math.floor(count / size)),
    exactTimes(part, count % size),
  );
};

const upToTimes = (part: Expression, count: number): Expression => {
  if (count <= largestCount || count === Number.POSITIVE_INFINITY) return repeat(part, 0, count);
  const size = Math.ceil(Math.sqrt(count));
  // What is left must still fill every gap between two multiples of the size.
  const blocks = Math.floor((count - (size - 1)) / size);
  return sequence(
    repeat(repeat(part, size, size), 0, blocks),
    repeat(part, 0, count - blocks * size),
  );
};

const shortEscapes: Readonly<Record<number, string>> = {
  8: '\\b',
  9: '\\t',
  10: '\\n',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  92: '\\\\',
};

const escapedSet = (ranges: Ranges): Expression => {
  const plain = intersect(intersect(ranges, unescaped), complement(surrogates));
  const holds = (point: number): boolean =>
    ranges.some(([from, to]) => from <= point && point <= to);
  const special = [...Array(32).keys(), 34, 92].filter(holds);
  const escapes = special.map((point) =>
    text(shortEscapes[point] ?? `\\u${point.toString(16).padStart(4, '0')}`),
  );
  if (plain.length === 0 && escapes.length === 0) return set([[0xffff, 0xffff]]);
  return choice(...(plain.length > 0 ? [set(plain)] : []), ...escapes);
};
