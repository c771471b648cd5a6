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
const splits = /(?<=[\p{Cc}\u0080-\u00ff])(?=[\dA-Fa-f])/u;

const printText = (value: string, within: 'rule' | 'choice' | 'sequence' | 'repeat'): string => {
  const pieces = value.split(splits);
  const printed = pieces.map((piece) => `"${[...piece].map(inText).join('')}"`).join(' ');
  return within === 'repeat' && pieces.length > 1 ? `(${printed})` : printed;
};

const lastPoint = 0x10_ffff;

/** What reaches to the last code point is written as what it leaves out, control characters last. */
const printSet = (ranges: Ranges): string =>
  ranges.at(-1)?.[1] === lastPoint
    ? `[^${gapsOf(ranges).toReversed().map(inSet).join('')}]`
    : `[${ranges.map(inSet).join('')}]`;

/** The code points between ranges, and before the first. */
const gapsOf = (ranges: Ranges): Ranges =>
  ranges.flatMap(([from], index) => {
    const start = (ranges[index - 1]?.[1] ?? -1) + 1;
    return start < from ? [[start, from - 1] as const] : [];
  });

const inSet = ([from, to]: readonly [number, number]): string =>
  from === to ? point(from) : `${point(from)}-${point(to)}`;

const point = (code: number): string => {
  const character = String.fromCodePoint(code);
  return /[A-Za-z0-9_ ]/.test(character) ? character : hexadecimal(code);
};

const inText = (character: string): string => {
  const code = character.charCodeAt(0);
  if (character === '"' || character === '\\') return `\\${character}`;
  return code < 0x20 || code === 0x7f ? hexadecimal(code) : character;
};

const hexadecimal = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;
