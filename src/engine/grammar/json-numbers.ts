// SPDX-License-Identifier: GPL-3.0-only
import {
  characterSet,
  type Expression,
  type GrammarRule,
  grammarRule,
  inSequence,
  oneOfExpressions,
  repetitionOf,
  textExpression,
} from './expression.ts';

const digit = characterSet([[0x30, 0x39]]);
const leading = characterSet([[0x31, 0x39]]);

/**
 * The digits that a number can have before the point, after it, and in its exponent. They are more
 * than the loop takes (`exact-json.ts`): a number that a model writes too long is an error then,
 * and not cut to another number.
 */
export const mostDigits = { whole: 41, fraction: 41, exponent: 5 } as const;

/** A JSON number (RFC 8259, section 6), with an end to its digits. */
export const numberRule: GrammarRule = grammarRule(
  'number',
  () => {
    const sign = characterSet([
      [0x2b, 0x2b],
      [0x2d, 0x2d],
    ]);
    const exponent = characterSet([
      [0x45, 0x45],
      [0x65, 0x65],
    ]);
    return inSequence(
      repetitionOf(textExpression('-'), 0, 1),
      oneOfExpressions(
        textExpression('0'),
        inSequence(leading, repetitionOf(digit, 0, mostDigits.whole - 1)),
      ),
      repetitionOf(
        inSequence(textExpression('.'), repetitionOf(digit, 1, mostDigits.fraction)),
        0,
        1,
      ),
      repetitionOf(
        inSequence(exponent, repetitionOf(sign, 0, 1), repetitionOf(digit, 1, mostDigits.exponent)),
        0,
        1,
      ),
    );
  },
  { kind: 'number' },
);

/**
 * The integers from `min` to `max`, both included. A bound that is the last safe integer is none:
 * a longer one is written whole, and refused.
 */
export const integerExpression = (min: number, max: number): Expression => {
  const options: Expression[] = [];
  if (min < 0) options.push(inSequence(textExpression('-'), natural(Math.max(1, -max), -min)));
  if (max >= 0) options.push(natural(Math.max(0, min), max));
  return oneOfExpressions(...options);
};

/**
 * Lengths of which every number is in are counted by one repetition: of alternatives that begin alike
 * and go on alike xgrammar makes one without an end (as of OpenVINO 2026.3).
 */
const natural = (min: number, max: number): Expression => {
  const low = String(min);
  const high = max >= Number.MAX_SAFE_INTEGER ? '9'.repeat(mostDigits.whole) : String(max);
  const isLow = min > 1 && !/^10*$/.test(low);
  const isHigh = !/^9+$/.test(high);
  if (low.length === high.length && (isLow || isHigh)) return sameLength(low, high);
  const least = low.length + (isLow ? 1 : 0);
  const most = high.length - (isHigh ? 1 : 0);
  const options: Expression[] = [];
  if (min === 0) options.push(textExpression('0'));
  if (isLow) options.push(sameLength(low, '9'.repeat(low.length)));
  if (least <= most) options.push(inSequence(leading, repetitionOf(digit, least - 1, most - 1)));
  if (isHigh) options.push(sameLength(`1${'0'.repeat(high.length - 1)}`, high));
  return oneOfExpressions(...options);
};

/** Digits between two numbers of the same length. */
const sameLength = (from: string, to: string): Expression => {
  if (from === '') return textExpression('');
  if (from[0] === to[0])
    return inSequence(textExpression(from[0] ?? ''), sameLength(from.slice(1), to.slice(1)));
  const rest = from.length - 1;
  const zeros = '0'.repeat(rest);
  const nines = '9'.repeat(rest);
  const first = Number(from[0]);
  const last = Number(to[0]);
  const lowFull = from.slice(1) === zeros;
  const highFull = to.slice(1) === nines;
  const options: Expression[] = [];
  if (!lowFull)
    options.push(inSequence(textExpression(String(first)), sameLength(from.slice(1), nines)));
  const middle = [lowFull ? first : first + 1, highFull ? last : last - 1] as const;
  if (middle[0] <= middle[1]) {
    options.push(inSequence(digits(middle[0], middle[1]), repetitionOf(digit, rest, rest)));
  }
  if (!highFull)
    options.push(inSequence(textExpression(String(last)), sameLength(zeros, to.slice(1))));
  return oneOfExpressions(...options);
};

const digits = (from: number, to: number): Expression =>
  from === to ? textExpression(String(from)) : characterSet([[0x30 + from, 0x30 + to]]);
