// SPDX-License-Identifier: GPL-3.0-only

import type { Expression, Ranges } from './expression.ts';
import type { Grammar } from './named-rules.ts';

/**
 * The grammar's text, a line per rule, in the notation that both llama.cpp (GBNF) and xgrammar
 * (EBNF) read: nothing of it differs between the two.
 */
export const printGrammar = (grammar: Grammar): string =>
  [...grammar].map(([name, body]) => `${name} ::= ${print(body, 'rule')}\n`).join('');

const print = (
  expression: Expression,
  within: 'rule' | 'choice' | 'sequence' | 'repeat',
): string => {
  if (expression.kind === 'text') return printText(expression.text, within);
  if (expression.kind === 'set') return printSet(expression.ranges);
  if (expression.kind === 'rule') return expression.name ?? '';
  if (expression.kind === 'repeat') {
    const repeated = `${print(expression.part, 'repeat')}${counts(expression.min, expression.max)}`;
    return within === 'repeat' ? `(${repeated})` : repeated;
  }
  if (expression.kind === 'choice') {
    const options = expression.options.map((option) => print(option, 'choice')).join(' | ');
    return within === 'rule' ? options : `(${options})`;
  }
  if (expression.parts.length === 0) return '""';
  const parts = expression.parts.map((part) => print(part, 'sequence')).join(' ');
  return within === 'repeat' ? `(${parts})` : parts;
};

const counts = (min: number, max: number): string => {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
};

/**
 * xgrammar reads as many hexadecimal digits after an escape as there are, and escapes by itself what
 * is no printable ASCII (as of OpenVINO 2026.3): `ße` would become one other character.
 */
const escaped = /[\p{Cc}\u0080-\u00ff]/u;
const hexDigit = /[\dA-Fa-f]/;
const splits = new RegExp(`(?<=${escaped.source})(?=${hexDigit.source})`, 'u');

const printText = (value: string, within: 'rule' | 'choice' | 'sequence' | 'repeat'): string => {
  const pieces = value.split(splits);
  const printed = pieces.map((piece) => `"${[...piece].map(inText).join('')}"`).join(' ');
  return within === 'repeat' && pieces.length > 1 ? `(${printed})` : printed;
};

const lastPoint = 0x10_ffff;
const lastAscii = 0x7f;

/** Not a character, in the place of none: an empty set has no notation. */
const nothing: Ranges = [[0xffff, 0xffff]];

const printSet = (ranges: Ranges): string => {
  if (ranges.length === 0) return printSet(nothing);
  const gaps = gapsOf(ranges);
  // What reaches to the last code point is written as what it leaves out; xgrammar leaves out ASCII only.
  return ranges.at(-1)?.[1] === lastPoint &&
    gaps.length > 0 &&
    gaps.every(([, to]) => to <= lastAscii)
    ? `[^${printRanges(gaps)}]`
    : `[${printRanges(ranges)}]`;
};

/** The code points between ranges, and before the first. */
const gapsOf = (ranges: Ranges): Ranges =>
  ranges.flatMap(([from], index) => {
    const start = (ranges[index - 1]?.[1] ?? -1) + 1;
    return start < from ? [[start, from - 1] as const] : [];
  });

/**
 * Ranges that end in what xgrammar escapes come last, and of those the one that begins with a digit
 * or letter first: there can be no two.
 */
const printRanges = (ranges: Ranges): string => {
  const rank = ([from, to]: readonly [number, number]): number =>
    !escaped.test(String.fromCodePoint(to)) ? 0 : hexDigit.test(String.fromCodePoint(from)) ? 1 : 2;
  return ranges
    .toSorted((one, other) => rank(one) - rank(other))
    .map(inSet)
    .join('');
};

const inSet = ([from, to]: readonly [number, number]): string =>
  from === to ? point(from) : `${point(from)}-${point(to)}`;

const point = (code: number): string => {
  if (/[A-Za-z0-9_ ]/.test(String.fromCodePoint(code))) return String.fromCodePoint(code);
  return hexadecimal(code);
};

const inText = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (character === '"' || character === '\\') return `\\${character}`;
  return code < 0x20 || code === 0x7f ? hexadecimal(code) : character;
};

const hexadecimal = (code: number): string => {
  const digits = code.toString(16);
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
};
