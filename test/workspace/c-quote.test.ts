// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { cQuote, cQuoteIfNeeded, cUnquote } from '../../src/workspace/c-quote.ts';
import { anyText } from '../data/any-text.ts';
import { makeRepository } from './with-repository.ts';

test('quotes names as git does', (t) => {
  const names = [
    'plain.md',
    'with space',
    'tab\tline\nfeed\rbell\u0007vt\u000bff\u000cbs\u0008',
    'esc\u001bdel\u007f',
    'back\\slash',
    'a "quote"',
    'ünï 🎉',
    "'single' $x #",
  ];
  const { run } = makeRepository(t, Object.fromEntries(names.map((name) => [name, 'x'])));
  const listed = run(['ls-tree', '--name-only', 'HEAD']).split('\n').slice(0, -1);
  t.deepEqual(names.map(cQuoteIfNeeded).sort(), listed.sort());
});

test('unquotes what it quoted, and says what follows', (t) => {
  fc.assert(
    fc.property(anyText(), fc.string(), (name, rest) => {
      t.deepEqual(cUnquote(cQuote(name) + rest), { name, rest });
    }),
  );
});

for (const broken of [
  '',
  'plain',
  '"open',
  '"\\x"',
  '"\\9"',
  '"\\400"',
  '"\\12"',
  '"\\377"',
  '"\\',
]) {
  test(`does not unquote ${JSON.stringify(broken)}`, (t) => t.is(cUnquote(broken), undefined));
}
