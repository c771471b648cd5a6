// SPDX-License-Identifier: GPL-3.0-only
import { choice, type Expression, repeat, sequence, set, text } from './grammar.ts';

const digit = set([[0x30, 0x39]]);
const leading = set([[0x31, 0x39]]);

/**
 * A JSON number with at most 21 digits, 24 after the point and two of exponent: everything that
 * JSON.stringify writes of magnitudes between 1e-99 and 1e99, nothing that reads as infinite, and
 * no digits without end.
 */
export const numberExpression = (options: { readonly negative: boolean }): Expression => {
  const whole = choice(text('0'), sequence(leading, repeat(digit, 0, 20)));
  const fraction = sequence(text('.'), repeat(digit, 1, 24));
  const exponent = sequence(
    set([
      [0x45, 0x45],
      [0x65, 0x65],
    ]),
    repeat(
      set([
        [0x2b, 0x2b],
        [0x2d, 0x2d],
      ]),
      0,
      1,
    ),
    repeat(digit, 1, 2),
  );
  return sequence(
    options.negative ? repeat(text('-'), 0, 1) : text(''),
    whole,
    repeat(fraction, 0, 1),
    repeat(exponent, 0, 1),
  );
};

/** The integers from `min` to `max`, both included and safe. */
export const integerExpression = (min: number, max: number): Expression => {
  const options: Expression[] = [];
  if (min < 0) options.push(sequence(text('-'), natural(Math.max(1, -max), -min)));
  if (max >= 0) options.push(natural(Math.max(0, min), max));
  return choice(...options);
};

const natural = (min: number, max: number): Expression => {
  const low = String(min);
  const high = String(max);
  const options: Expression[] = [];
  for (let length = low.length; length <= high.length; length += 1) {
    const from = length === low.length ? low : `1${'0'.repeat(length - 1)}`;
    const to = length === high.length ? high : '9'.repeat(length);
    options.push(sameLength(from, to));
  }
  return choice(...options);
};

/** Digits between two numbers of the same length. */
const sameLength = (from: string, to: string): Expression => {
  if (from === '') return text('');
  if (from[0] === to[0])
    return sequence(text(from[0] ?? ''), sameLength(from.slice(1), to.slice(1)));
  const rest = from.length - 1;
  const zeros = '0'.repeat(rest);
  const nines = '9'.repeat(rest);
  const first = Number(from[0]);
  const last = Number(to[0]);
  const lowFull = from.slice(1) === zeros;
  const highFull = to.slice(1) === nines;
  const options: Expression[] = [];
  if (!lowFull) options.push(sequence(text(String(first)), sameLength(from.slice(1), nines)));
  const middle = [lowFull ? first : first + 1, highFull ? last : last - 1] as const;
  if (middle[0] <= middle[1]) {
    options.push(sequence(digits(middle[0], middle[1]), repeat(digit, rest, rest)));
  }
  if (!highFull) options.push(sequence(text(String(last)), sameLength(zeros, to.slice(1))));
  return choice(...options);
};

const digits = (from: number, to: number): Expression =>
  from === to ? text(String(from)) : set([[0x30 + from, 0x30 + to]]);
