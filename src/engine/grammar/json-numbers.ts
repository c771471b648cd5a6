// SPDX-License-Identifier: GPL-3.0-only
import { choice, type Expression, repeat, rule, sequence, set, text } from './expression.ts';

const digit = set([[0x30, 0x39]]);
const leading = set([[0x31, 0x39]]);

/**
 * A JSON number with at most 21 digits, 24 after the point and two of exponent: everything that
 * JSON.stringify writes of magnitudes between 1e-99 and 1e99, nothing that reads as infinite, and
 * no digits without end.
 */
export const numberOf = ({ negative }: { readonly negative: boolean }): Expression =>
  rule(negative ? 'number' : 'positive', () => numberExpression(negative), {
    kind: 'number',
    negative,
  });

const numberExpression = (negative: boolean): Expression => {
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
    negative ? repeat(text('-'), 0, 1) : text(''),
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

/**
 * Lengths of which every number is in are counted by one repetition: of alternatives that begin alike
 * and go on alike xgrammar makes one without an end (as of OpenVINO 2026.3).
 */
const natural = (min: number, max: number): Expression => {
  const low = String(min);
  const high = String(max);
  const isLow = min > 1 && !/^10*$/.test(low);
  const isHigh = !/^9+$/.test(high);
  if (low.length === high.length && (isLow || isHigh)) return sameLength(low, high);
  const least = low.length + (isLow ? 1 : 0);
  const most = high.length - (isHigh ? 1 : 0);
  const options: Expression[] = [];
  if (min === 0) options.push(text('0'));
  if (isLow) options.push(sameLength(low, '9'.repeat(low.length)));
  if (least <= most) options.push(sequence(leading, repeat(digit, least - 1, most - 1)));
  if (isHigh) options.push(sameLength(`1${'0'.repeat(high.length - 1)}`, high));
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
