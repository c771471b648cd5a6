// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { formatLiteral, parseLiteral } from '../../src/workspace/git-binary.ts';

const bodyOf = (literal: string): readonly string[] => literal.split('\n').slice(1, -2);

test('an empty file is what git writes for one', (t) => {
  t.is(formatLiteral(new Uint8Array(0)), 'literal 0\nHcmV?d00001\n\n');
});

test('what is written is read back', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      t.deepEqual(parseLiteral(bytes.length, bodyOf(formatLiteral(bytes))), bytes);
    }),
  );
});

test('nothing else is read', (t) => {
  const lines = bodyOf(formatLiteral(Uint8Array.of(1, 2, 3)));
  const [line = ''] = lines;
  for (const [size, spoilt] of [
    [4, lines],
    [2, lines],
    [3, []],
    [3, [line, line]],
    [3, [line.slice(0, -1)]],
    [3, [`${line}0`]],
    [3, [`0${line.slice(1)}`]],
    [3, [`${line.slice(0, -1)}"`]],
    [3, [`D~~~~~`]],
    [3, ['']],
  ] as const) {
    t.is(parseLiteral(size, spoilt), undefined, `${size} ${spoilt}`);
  }
});
