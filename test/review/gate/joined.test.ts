// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { gateSchema } from '../../../src/config/schema.ts';
import { type JoinedUnit, judgeJoined } from '../../../src/review/gate/gate.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';

const gate = gateSchema.parse({});

const joined = (unit: string, ...paths: readonly string[]): JoinedUnit => ({
  unit,
  changes: paths.map((path) => ({
    path,
    mode: '100644',
    baseOid: '1'.repeat(40),
    oid: '2'.repeat(40),
  })),
  stats: { insertions: 30, deletions: 10 },
});

const joins = test.macro((t, units: readonly JoinedUnit[], outcome: string, more: object = {}) => {
  const file = { title: 'T', scope: 'docs/', acceptance: ['A'], ...more };
  const spec = normaliseSpec(specFileSchema.parse(file), 'spec');
  const ruling = judgeJoined(units, { gate, spec });
  const ended: string = ruling.outcome === 'red' ? ruling.code : ruling.outcome;
  t.is(ended, outcome);
});

const many = Array.from({ length: 51 }, (_, index) => joined(`u${index}`, `docs/${index}.md`));

test(
  'units of different files join',
  joins,
  [joined('a', 'docs/a.md'), joined('b', 'docs/b.md')],
  'approved',
);
test('nothing joins to nothing', joins, [], 'unchanged');
test(
  'no path by two units',
  joins,
  [joined('a', 'docs/a.md'), joined('b', 'docs/a.md')],
  'overlap',
);
test(
  'no file that is a folder to another',
  joins,
  [joined('a', 'docs/a'), joined('b', 'docs/a/b.md')],
  'overlap',
);
test('files are counted over all units', joins, many, 'limits');
test('a spec may raise the limit', joins, many, 'limits', {
  limits: { maxFiles: 60, maxLines: 2039 },
});
test('and then both hold', joins, many, 'approved', { limits: { maxFiles: 60, maxLines: 2040 } });
