// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sideOf } from '../src/learn/mine/split.ts';
import { inventNote } from './notes/note.ts';
import { createRandom, drawFrom } from './notes/random.ts';
import { inventRequest } from './notes/request.ts';
import { rowOf } from './notes/row-of.ts';

/*
 * Rows of decisions over invented notes, with rules as the teacher: make-rows.ts --out DIR [--notes N] [--seed N]
 * [--held-out SHARE]. What rules refuse is no row. A row is held out by the hash of its question, so no
 * question is on both sides.
 */

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'training/rows' },
    notes: { type: 'string', default: '24000' },
    seed: { type: 'string', default: '1' },
    'held-out': { type: 'string', default: '0.05' },
  },
});

const draw = drawFrom(createRandom(Number(values.seed)));
const rows = new Map<string, string>();
const refusals = new Map<string, number>();
for (let count = 0; count < Number(values.notes); count += 1) {
  const made = await rowOf(inventNote(draw), inventRequest(draw));
  if (typeof made === 'string') {
    const reason = made.replaceAll(/"[^"]*"|\d+/g, '…').slice(0, 60);
    refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
  } else rows.set(made.row.prompt[1].content, JSON.stringify(made.row));
}
mkdirSync(values.out, { recursive: true });
const sides = { train: [] as string[], 'held-out': [] as string[] };
for (const [question, line] of rows) {
  sides[sideOf(question, Number(values['held-out']))].push(line);
}
for (const [side, lines] of Object.entries(sides)) {
  writeFileSync(join(values.out, `decisions.${side}.jsonl`), `${lines.join('\n')}\n`);
}
console.log(`${sides.train.length} rows for training, ${sides['held-out'].length} held out`);
for (const [reason, count] of [...refusals].sort((a, b) => b[1] - a[1])) {
  console.log(`no row: ${count}, ${reason}`);
}
