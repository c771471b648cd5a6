// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { didYouMean, nearestName } from '../../src/data/nearest.ts';

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
