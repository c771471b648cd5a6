// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import {
  characterSet,
  type Expression,
  inSequence,
  oneOfExpressions,
  repetitionOf,
  textExpression,
} from '../../../src/engine/grammar/expression.ts';
import { integerExpression } from '../../../src/engine/grammar/json-numbers.ts';
import { printGrammar } from '../../../src/engine/grammar/print-grammar.ts';
import { each } from '../../each.ts';

/** As xgrammar reads it: an escape takes all hexadecimal digits that follow. */
const printed = test.macro({
  title: (name) => `printed: ${name}`,
  exec: (t, expression: Expression, line: string) => {
    t.is(printGrammar(new Map([['root', expression]])), `root ::= ${line}\n`);
  },
});

each(printed, {
  'plain text': [textExpression('ab "c" \\'), String.raw`"ab \"c\" \\"`],
  'a Latin-1 letter before a hexadecimal digit': [textExpression('Grüße'), '"Grüß" "e"'],
  'a Latin-1 letter before another letter': [textExpression('Grün'), '"Grün"'],
  'a letter beyond Latin-1': [textExpression('ıe漢a🦉f'), '"ıe漢a🦉f"'],
  'a control character': [textExpression('\u0001f\n1'), String.raw`"\u0001" "f\u000a" "1"`],
  'pieces repeated as one': [repetitionOf(textExpression('ße'), 2, 3), '("ß" "e"){2,3}'],
  'pieces in a choice': [
    oneOfExpressions(textExpression('ße'), textExpression('b')),
    '"ß" "e" | "b"',
  ],
  'pieces in a sequence': [
    inSequence(textExpression('ße'), repetitionOf(textExpression('b'), 0, 1)),
    '"ß" "e" "b"?',
  ],
});

const range = (from: string, to = from) =>
  [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0] as const;
test(
  'escapes in a set are of a fixed length',
  printed,
  characterSet([range('"'), range('0', '9')]),
  String.raw`[\u00220-9]`,
);
test(
  'all but some of ASCII',
  printed,
  characterSet([range(' ', '!'), range('#', '[')].concat([[0x5d, 0x10_ffff]])),
  String.raw`[^\u005c\u0022\u0000-\u001f]`,
);
/** Alternatives of one length each, which begin alike, are what xgrammar joins to one without an end. */
const firsts = (expression: Expression): readonly string[] =>
  expression.kind === 'choice' ? expression.options.flatMap(firsts) : [beginning(expression)];
const beginning = (expression: Expression): string => {
  const first = expression.kind === 'sequence' ? expression.parts[0] : expression;
  return JSON.stringify(first);
};

test('integers have no two alternatives that begin alike', (t) => {
  const bounds = [0, 1, 7, 9, 10, 11, 19, 20, 29, 99, 100, 101, 4012, 9999, 10_000, 899_999];
  for (const min of bounds) {
    for (const max of [...bounds, Number.MAX_SAFE_INTEGER]) {
      if (max < min) continue;
      const printed = firsts(integerExpression(min, max));
      t.is(new Set(printed).size, printed.length, `${min} to ${max}: ${printed.join(' ')}`);
    }
  }
});
