// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { didYouMean, nearestName } from '../../src/data/nearest.ts';
import { printable, printableLines } from '../../src/data/printable.ts';
import { splitAdvice } from '../../src/data/split-advice.ts';

const guesses = test.macro({
  exec(t, name: string, candidates: readonly string[], expected: string | undefined) {
    t.is(nearestName(name, candidates), expected);
  },
  title: (_, name, candidates: unknown) => `${name} among ${candidates}`,
});

test(guesses, 'titel', ['title', 'tags'], 'title');
test(guesses, 'Title', ['title'], 'title');
test(guesses, 'maxfile', ['maxFiles', 'maxLines'], 'maxFiles');
test(guesses, 'scop', ['scope'], 'scope');
test(guesses, 'reviewr.peer', ['review.peer', 'merge.gate'], 'review.peer');
test(guesses, 'a', ['b'], 'b');
test(guesses, 'a', ['bcd'], undefined);
test(guesses, 'priority', ['title', 'scope'], undefined);
test(guesses, 'x', [], undefined);
test(guesses, 'x'.repeat(10_000), ['x'.repeat(10_001)], undefined);

test('the closest wins, and of equals the first', (t) => {
  t.is(nearestName('test', ['tests', 'rest', 'test']), 'test');
  t.is(nearestName('gpuu', ['gpus', 'gpu']), 'gpus');
});

test('says nothing where nothing is near', (t) => {
  t.is(didYouMean('gpuu', ['gpu']), ' (did you mean "gpu"?)');
  t.is(didYouMean('zzz', ['gpu']), '');
});

const rows: Readonly<Record<string, readonly [text: string, shown: string]>> = {
  'plain text stays': ['Größe: 5 µm — ok 👍', 'Größe: 5 µm — ok 👍'],
  'two spaces stay, as in a name': ['a  b.md', 'a  b.md'],
  'line breaks become a space': ['a\r\nb\u2028c\td', 'a b c d'],
  'colours go': ['\u001b[31mred\u001b[0m', 'red'],
  'a clipboard write goes': ['\u001b]52;c;ZXZpbA==\u0007x', 'x'],
  'a window title goes': ['\u001b]0;evil\u001b\\x', 'x'],
  'an 8-bit sequence goes': ['\u009b31mred', 'red'],
  'a bell, a backspace and a carriage return go': ['safe\b\b\b\bevil\u0007\rover', 'safeevil over'],
  'a lone escape goes': ['a\u001b', 'a'],
  'reversed writing goes': ['user\u202e\u2066nimda\u2069', 'usernimda'],
};

for (const [title, [text, shown]] of Object.entries(rows)) {
  test(title, (t) => t.is(printable(text), shown));
}

test('whatever comes in, no control character or line break comes out', (t) => {
  const hostile = fc.string({
    unit: fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '\u009b',
      ';',
      '0',
      'm',
      'a',
      '\n',
      '\u0007',
      '\\',
      '\u202e',
    ),
  });
  fc.assert(fc.property(hostile, (text) => !/[\p{Cc}\u2028\u2029\u202e]/u.test(printable(text))));
  t.pass();
});

test('several lines stay several and keep their indent', (t) => {
  t.is(printableLines('one\n  two\u001b[2J\n\nthree'), 'one\n  two\n\nthree');
});

const splits = test.macro({
  title: (_, message) => `the advice in "${message}"`,
  exec(t, message: string, ...parts: readonly string[]) {
    t.deepEqual(splitAdvice(message), parts);
  },
});

test(splits, 'a.yaml is not UTF-8. Save it as UTF-8', 'a.yaml is not UTF-8', 'Save it as UTF-8');
test(splits, 'not there; start it', 'not there', 'start it');
test(splits, 'not there; not yet. Start it', 'not there; not yet', 'Start it');
test(splits, 'engine.sock v1.2 failed', 'engine.sock v1.2 failed');
