// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { inventNote } from '../../training/notes/note.ts';
import { createRandom, drawFrom } from '../../training/notes/random.ts';
import { inventRequest } from '../../training/notes/request.ts';
import { rowOf } from '../../training/notes/row-of.ts';

test('of an invented note rules refuse it, or exactly one pick writes what they write', async (t) => {
  const draw = drawFrom(createRandom(7));
  const rows = [];
  for (let count = 0; count < 120; count += 1) {
    rows.push(await rowOf(inventNote(draw), inventRequest(draw)));
  }
  const answers = new Set(
    rows.flatMap((row) => (typeof row === 'string' ? [] : row.row.completion[0].content)),
  );
  t.true(rows.filter((row) => typeof row !== 'string').length > 60);
  t.true(answers.size > 15, 'of many kinds');
});

test('the same seed invents the same', async (t) => {
  const invented = () => {
    const draw = drawFrom(createRandom(3));
    return Array.from({ length: 20 }, () => [inventNote(draw), inventRequest(draw)]);
  };
  t.deepEqual(invented(), invented());
});
