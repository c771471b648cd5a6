// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sideOf } from '../src/learn/mine/split.ts';
import { reviewRows } from './reviews/rows.ts';

/*
 * Rows of reviews over invented notes and the patches of the reviewers' exam, good and bad: make-review-rows.ts
 * --out DIR --view words|values [--notes N] [--seed N] [--own SHARE]. `--own` is the share of bad patches that are
 * spoiled in a chore's own way, the others in one that spoils any patch.
 */

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'training/rows' },
    view: { type: 'string', default: 'words' },
    notes: { type: 'string', default: '8000' },
    seed: { type: 'string', default: '1' },
    own: { type: 'string', default: '0.6' },
    'held-out': { type: 'string', default: '0.05' },
  },
});

const rows = new Map<string, string>();
const counts = new Map<string, number>();
const options = {
  seed: Number(values.seed),
  notes: Number(values.notes),
  own: Number(values.own),
  view: values.view === 'values' ? 'values' : 'words',
} as const;
for await (const { row, why } of reviewRows(options)) {
  counts.set(why, (counts.get(why) ?? 0) + 1);
  if (row) rows.set(row.prompt[1].content, JSON.stringify(row));
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
for (const [why, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`${count} ${why}`);
