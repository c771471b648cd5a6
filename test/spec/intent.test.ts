// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { readIntents } from '../../src/spec/intent.ts';

test('a sentence of several clauses', (t) => {
  const kinds = (sentence: string) => readIntents(sentence)?.map(({ kind }) => kind);
  t.deepEqual(kinds('Every *.md file has a GPL header and nothing else changes'), [
    'header',
    'unchanged',
  ]);
  t.deepEqual(kinds('`a` is exported from `src/index.ts` and has a doc comment; tests pass'), [
    'export',
    'doc-comment',
    'checks-pass',
  ]);
  t.deepEqual(kinds('Rename `a` to `b`, update all uses and keep everything tidy'), undefined);
  t.deepEqual(kinds('Rename `a` to `b` and update all uses'), ['rename', 'uses-renamed']);
  t.deepEqual(kinds('All *.md have a GPL header and the code is faster'), undefined);
});

test('what cannot be checked is not understood', (t) => {
  for (const sentence of [
    'Rewrite the architecture',
    'Make it faster',
    'The code is clean',
    'Everything works',
    'Users love the new header',
    'All files are better',
    'Every note has a picture',
    'All *.md have a friendly header',
    'Every *.md starts with a heading',
    'Rename things sensibly',
    'Rename the module',
    'Rename `a` to something better',
    'Rename `a b` to `c`',
    'Everything is exported from `src/index.ts`',
    '`x` is exported from `../outside.ts`',
    'It has a doc comment',
    'Every file has a doc comment',
    'Translate the docs to French',
    'Fix the bug in `parse`',
    'Add a test',
    'Improve the tests',
    'The function is documented',
    'All *.md in /etc/ have a GPL header',
    '`status` is nice',
    'Nothing',
    '',
    '   ',
    'and and and',
    '`',
  ]) {
    t.is(readIntents(sentence), undefined, sentence);
  }
});

test('hostile sentences end quickly and never throw', (t) => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000, unit: 'grapheme' }), (sentence) => {
      readIntents(sentence);
    }),
    { numRuns: 100 },
  );
  const started = performance.now();
  for (const part of ['a and ', 'all of the ', 'rename a to ', '`x` in ', ', ', 'no uses of ']) {
    readIntents(part.repeat(400));
    readIntents(part.repeat(Math.floor(240 / part.length)));
  }
  t.true(performance.now() - started < 5000);
});
