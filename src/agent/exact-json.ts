// SPDX-License-Identifier: GPL-3.0-only

/** JSON that would be read as something else: a number as another one, one name's value for two. */
export class InexactJson extends Error {
  override readonly name = 'InexactJson';
}

/**
 * Parses JSON whose numbers are read as they stand, and whose objects name each of their members once.
 * @throws SyntaxError, and InexactJson for an integer that no number is, more than 17 digits, or a name that stands twice.
 */
export const parseExactly = (text: string): unknown => {
  const value = JSON.parse(
    text,
    (_key, value: unknown, ...[context]: { readonly source?: string }[]) => {
      if (typeof value === 'number' && !isExact(context?.source ?? '', value)) {
        const number = (context?.source ?? '').slice(0, 40);
        throw new InexactJson(
          `the number ${number} has more digits than a number can hold; write it as text, or with fewer digits`,
        );
      }
      return value;
    },
  );
  const twice = nameTwice(text);
  if (twice !== undefined) {
    throw new InexactJson(
      `the name ${JSON.stringify(twice.slice(0, 80))} is a duplicate in its object; write each name once`,
    );
  }
  return value;
};

/** The strings and the brackets of a JSON text; a string with its colon is a name. */
const marks = /"[^"\\]*(?:\\.[^"\\]*)*"(?:[ \t\r\n]*:)?|[{}[\]]/g;

/** A name that an object of a valid JSON text has twice, however it is escaped; `JSON.parse` takes the last. */
const nameTwice = (text: string): string | undefined => {
  const open: Set<string>[] = [];
  for (const [mark] of text.matchAll(marks)) {
    if (mark === '{' || mark === '[') open.push(new Set());
    else if (mark === '}' || mark === ']') open.pop();
    else if (mark.endsWith(':')) {
      const name: string = JSON.parse(mark.slice(0, -1));
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
};

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
