// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { memoise } from '../../src/data/memoise.ts';

test('asks once for each of the newest texts, also where nothing is the answer', (t) => {
  const asked: string[] = [];
  const lengthOf = memoise(2, (text) => {
    asked.push(text);
    return text === '' ? undefined : text.length;
  });
  for (const text of ['a', '', 'a', '', 'ccc', '', 'ccc', 'a']) {
    t.is(lengthOf(text), text === '' ? undefined : text.length);
  }
  t.deepEqual(asked, ['a', '', 'ccc', 'a']);
});

test('an answer that failed is asked for again', (t) => {
  let asked = 0;
  const fails = memoise(2, () => {
    asked += 1;
    throw new Error('no');
  });
  t.throws(() => fails('a'));
  t.throws(() => fails('a'));
  t.is(asked, 2);
});
