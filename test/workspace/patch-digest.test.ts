// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { patchDigest, pullRequestDigest } from '../../src/workspace/patch-digest.ts';

const a = { path: 'a', mode: '100644', baseOid: '1', oid: '2' };
const b = { path: 'b', mode: '100755', baseOid: '3', oid: '4' };

test('is the same for any order', (t) => {
  t.is(patchDigest([a, b]), patchDigest([b, a]));
  t.is(pullRequestDigest(['x', 'y']), pullRequestDigest(['y', 'x']));
});

test('is sha256 over the sorted tuples', (t) => {
  t.is(patchDigest([a]), '3f7a432d61f5cbec66721b931fda754397c47067da86d41d5217aa55f6043df1');
  t.is(pullRequestDigest([]), '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
});

test('differs with every part', (t) => {
  const digests = [
    [],
    [a],
    [b],
    [a, b],
    [a, a],
    [{ ...a, path: 'c' }],
    [{ ...a, mode: '100755' }],
    [{ ...a, baseOid: '9' }],
    [{ ...a, oid: '9' }],
    [{ ...a, path: 'a,100644', mode: '' }],
  ].map(patchDigest);
  t.is(new Set(digests).size, digests.length);
  t.not(pullRequestDigest(['x']), pullRequestDigest(['x', 'x']));
});
