// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import {
  choice,
  type Expression,
  repeat,
  sequence,
  set,
  text,
} from '../../../src/engine/grammar/expression.ts';
import { integerExpression } from '../../../src/engine/grammar/json-numbers.ts';
import { printGrammar } from '../../../src/engine/grammar/print.ts';

/** As xgrammar reads it: an escape takes all hexadecimal digits that follow. */
const printed = test.macro({
  title: (name) => `printed: ${name}`,
  exec: (t, expression: Expression, line: string) => {
    t.is(printGrammar(new Map([['root', expression]])), `root ::= ${line}\n`);
  },
});

test('plain text', printed, text('ab "c" \\'), String.raw`"ab \"c\" \\"`);
test('a Latin-1 letter before a hexadecimal digit', printed, text('Grüße'), '"Grüß" "e"');
test('a Latin-1 letter before another letter', printed, text('Grün'), '"Grün"');
test('a letter beyond Latin-1', printed, text('ıe漢a🦉f'), '"ıe漢a🦉f"');
test('a control character', printed, text('\u0001f\n1'), String.raw`"\u0001" "f\u000a" "1"`);
test('pieces repeated as one', printed, repeat(text('ße'), 2, 3), '("ß" "e"){2,3}');
test('pieces in a choice', printed, choice(text('ße'), text('b')), '"ß" "e" | "b"');
test(
  'pieces in a sequence',
  printed,
  sequence(text('ße'), repeat(text('b'), 0, 1)),
  '"ß" "e" "b"?',
);

const range = (from: string, to = from) =>
  [from.codePointAt(0) ?? 0, to.codePointAt(0) ?? 0] as const;
test(
  'escapes in a set are of a fixed length',
  printed,
  set([range('"'), range('0', '9')]),
  String.raw`[\u00220-9]`,
);
test(
  'what xgrammar escapes by itself comes last in a set',
  printed,
  set([range('\u0001'), range('a', 'f'), range('é', 'ê')]),
  String.raw`[a-f\u0001\u00e9-\u00ea]`,
);
test(
  'a range from a digit to there comes before the others of its kind',
  printed,
  set([range('\u0001'), range('a', '\u0080'), range('é')]),
  String.raw`[a-\u0080\u0001\u00e9]`,
);
test(
  'all but some of ASCII',
  printed,
  set([range(' ', '!'), range('#', '[')].concat([[0x5d, 0x10_ffff]])),
  String.raw`[^\u0022\u005c\u0000-\u001f]`,
);
test(
  'all but something beyond ASCII',
  printed,
  set([
    [0, 0xe8],
    [0xea, 0x10_ffff],
  ]),
  String.raw`[\u00ea-\U0010ffff\u0000-\u00e8]`,
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
      const found = firsts(integerExpression(min, max));
      t.is(new Set(found).size, found.length, `${min} to ${max}: ${found.join(' ')}`);
    }
  }
});
