// SPDX-License-Identifier: GPL-3.0-only

/** A number in JSON that would be read as another one. */
export class InexactNumber extends Error {
  override readonly name = 'InexactNumber';
}

/**
 * Parses JSON whose numbers are read as they stand.
 * @throws SyntaxError, and InexactNumber for an integer that no number is or more than 17 digits.
 */
export const parseExactly = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown, ...[context]: { readonly source?: string }[]) => {
    if (typeof value === 'number' && !isExact(context?.source ?? '', value)) {
      const number = (context?.source ?? '').slice(0, 40);
      throw new InexactNumber(
        `the number ${number} has more digits than a number can hold; write it as text, or with fewer digits`,
      );
    }
    return value;
  });

/** Digits that tell any two doubles apart (IEEE 754). */
const maxSignificant = 17;
/** Less than the grammars let a model write, so that none of them cuts a number in silence. */
const [maxDigits, maxExponent] = [40, 4];

const isExact = (source: string, value: number): boolean => {
  const [, digits = '', exponent = ''] = /^-?([\d.]+)(?:e[+-]?(\d+))?$/i.exec(source) ?? [];
  if (digits.length > maxDigits || exponent.length > maxExponent) return false;
  if (/^\d+$/.test(digits) && exponent === '') {
    // Beyond the safe ones only what JSON.stringify writes of a number.
    return Number.isSafeInteger(value) || String(Math.abs(value)) === digits;
  }
  const significant = digits.replace('.', '').replace(/^0+|0+$/g, '');
  return significant.length <= maxSignificant && (value !== 0 || significant === '');
};
