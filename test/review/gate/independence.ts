// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { RuntimeIdentity } from '../../../src/engine/contract/engine.ts';
import { independenceOf } from '../../../src/review/gate/independence.ts';

const plain: RuntimeIdentity = {
  engine: 'vllm',
  origin: 'unix-socket',
  version: '1',
  model: 'm',
  modelDigest: 'aaaa',
  temperature: 0,
};

type Half = Partial<RuntimeIdentity>;

const counts = test.macro((t, a: Half, b: Half, refused?: RegExp) => {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ]) {
    const verdict = independenceOf({ ...plain, ...one }, { ...plain, ...other });
    t.is(verdict.independent, refused === undefined);
    if (!verdict.independent && refused) t.regex(verdict.reason, refused);
  }
});

const warm = { temperature: 0.7 };

test('other weights', counts, {}, { modelDigest: 'bbbb' });
test('another adapter', counts, { adapterDigest: 'x' }, { adapterDigest: 'y' });
test('an adapter beside none', counts, {}, { adapterDigest: 'y' });
test('other seeds above temperature 0', counts, { ...warm, seed: 1 }, { ...warm, seed: 2 });
test('nothing differs', counts, {}, {}, /seeds do not differ/);
test(
  'another name, engine or origin for the same weights',
  counts,
  {},
  { model: 'n', engine: 'ollama', origin: 'loopback', version: '2', adapter: 'z' },
  /same weights/,
);
test('other seeds at temperature 0', counts, { seed: 1 }, { seed: 2 }, /only above temperature 0/);
test(
  'one of them at temperature 0',
  counts,
  { ...warm, seed: 1 },
  { seed: 2 },
  /only above temperature 0/,
);
test('the same seed', counts, { ...warm, seed: 1 }, { ...warm, seed: 1 }, /seeds do not differ/);
test(
  'other rules with the same code',
  counts,
  { codeDigest: 'c' },
  { modelDigest: 'bbbb', codeDigest: 'c' },
  /nothing but comments/,
);
test('other code', counts, { codeDigest: 'c' }, { modelDigest: 'bbbb', codeDigest: 'd' });
test('a seed left open', counts, { ...warm, seed: 1 }, warm, /seeds do not differ/);
