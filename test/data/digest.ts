// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { createCache } from '../../src/data/bounded-cache.ts';
import { canonicalJson, digestOf, sha256 } from '../../src/data/digest.ts';
import { memoise } from '../../src/data/memoise.ts';

const writes = test.macro({
  exec(t, value: unknown, text: string) {
    t.is(canonicalJson(value), text);
  },
  title: (_, __, text) => `writes ${text}`,
});

// The first case is the sample of RFC 8785, section 3.2.2.
test(
  writes,
  {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  },
  '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
);
test(
  writes,
  { b: 1, a: undefined, '\u{1F600}': 2, '\uFB33': 3 },
  '{"b":1,"\u{1F600}":2,"\uFB33":3}',
);
test(writes, [undefined, -0, ''], '[null,0,""]');
test(writes, JSON.parse('{"__proto__":1,"a":{}}'), '{"__proto__":1,"a":{}}');

test('refuses numbers that JSON cannot hold', (t) => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, { a: [Number.NaN] }]) {
    t.throws(() => canonicalJson(value), { instanceOf: TypeError });
  }
});

test('the order of keys does not count, values do', (t) => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      t.is(digestOf(value), digestOf(turned));
      t.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      t.not(digestOf(value), digestOf({ ...value, 'more than any key': 1 }));
    }),
    { numRuns: 100 },
  );
});

test('knows the digest of nothing', (t) => {
  t.is(sha256(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  t.is(sha256(new Uint8Array()), sha256(''));
});

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
test('a cache keeps what came last within its bound, and the newest in any case', (t) => {
  const cache = createCache<string, string>(5, ({ length }) => length);
  cache.set('a', 'xx');
  cache.set('b', 'xx');
  cache.set('a', 'x');
  cache.set('c', 'xx');
  t.deepEqual(['a', 'b', 'c'].map(cache.get), ['x', 'xx', 'xx']);
  cache.set('d', 'xx');
  t.deepEqual(['a', 'b', 'c', 'd'].map(cache.get), ['x', undefined, 'xx', 'xx'], 'the oldest went');
  cache.delete('d');
  cache.set('e', 'xxxxxxx');
  t.deepEqual(['a', 'c', 'd', 'e'].map(cache.get), [undefined, undefined, undefined, 'xxxxxxx']);
});
