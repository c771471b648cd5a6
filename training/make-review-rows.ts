// SPDX-License-Identifier: GPL-3.0-only
import { parseArgs } from 'node:util';
import { sideOf } from '../src/learn/mine/split.ts';
import { writeDecisions } from './notes/write-decisions.ts';
import { reviewRows } from './reviews/rows.ts';

/*
 * Rows of reviews over invented notes and the patches of the reviewers' exam, good and bad: make-review-rows.ts
 * --out DIR --view words|values [--notes N] [--seed N] [--bad N] [--own SHARE] [--most N] [--only CHORE...]. `--own` is the share of bad
 * patches that are spoiled in a chore's own way, the others in one that spoils any patch. In words many patches look alike:
 * what is asked often must weigh more than what is asked once, so a row is written up to `--most` times. Told at the end
 * is where a bad patch looks like a good one, which nobody can learn.
 */

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'training/rows' },
    view: { type: 'string', default: 'words' },
    notes: { type: 'string', default: '8000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true, default: [] },
    bad: { type: 'string', default: '2' },
    own: { type: 'string', default: '0.6' },
    most: { type: 'string', default: '20' },
    'held-out': { type: 'string', default: '0.05' },
    alike: { type: 'boolean', default: false },
  },
});

type Seen = {
  readonly line: string;
  readonly isGood: boolean;
  readonly why: string;
  times: number;
};
const seen = new Map<string, Seen[]>();
const counts = new Map<string, number>();
const options = {
  seed: Number(values.seed),
  notes: Number(values.notes),
  only: values.only,
  bad: Number(values.bad),
  own: Number(values.own),
  view: values.view === 'values' ? 'values' : 'words',
} as const;
for await (const { row, why } of reviewRows(options)) {
  counts.set(why, (counts.get(why) ?? 0) + 1);
  if (!row) continue;
  const question = row.prompt[1].content;
  const line = JSON.stringify(row);
  const others = seen.get(question) ?? [];
  seen.set(question, others);
  const same = others.find((other) => other.line === line);
  if (same) same.times += 1;
  else others.push({ line, why, isGood: why.startsWith('good '), times: 1 });
}
const sides = { train: [] as string[], 'held-out': [] as string[] };
for (const [question, answers] of seen) {
  const side = sideOf(question, Number(values['held-out']));
  const good = answers.find(({ isGood }) => isGood);
  for (const { line, why, isGood, times } of answers) {
    const copies = side === 'train' ? Math.min(times, Number(values.most)) : 1;
    sides[side].push(...Array.from({ length: copies }, () => line));
    if (good && !isGood) counts.set(`alike, ${why}`, (counts.get(`alike, ${why}`) ?? 0) + times);
    if (good && !isGood && values.alike) console.log(`${why}\n${question}\n`);
  }
}
writeDecisions(values.out, sides);
for (const [why, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`${count} ${why}`);
