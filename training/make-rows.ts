// SPDX-License-Identifier: GPL-3.0-only
import { parseArgs } from 'node:util';
import type { JsonSchema } from '../src/agent/envelope-schema.ts';
import { sideOf } from '../src/learn/mine/split.ts';
import { inventNote } from './notes/note.ts';
import { createRandom, drawFrom } from './notes/random.ts';
import { inventRequest } from './notes/request.ts';
import { rowOf } from './notes/row-of.ts';
import { writeDecisions } from './notes/write-decisions.ts';

/*
 * Rows of decisions over invented notes, with rules as the teacher: make-rows.ts --out DIR [--notes N] [--seed N]
 * [--held-out SHARE] [--answers chance]. With answers by chance a model learns the form alone. What rules refuse
 * makes no row. A row is held out by the hash of its question, so no question is on both sides.
 */

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'training/rows' },
    notes: { type: 'string', default: '24000' },
    seed: { type: 'string', default: '1' },
    'held-out': { type: 'string', default: '0.05' },
    answers: { type: 'string', default: 'rules' },
  },
});

const draw = drawFrom(createRandom(Number(values.seed)));

/** Any name that each question offers. */
const byChance = (schema: JsonSchema): string => {
  const questions = Object.entries(
    (schema as { readonly properties: Record<string, { readonly enum: readonly string[] }> })
      .properties,
  );
  return JSON.stringify(
    Object.fromEntries(questions.map(([name, { enum: names }]) => [name, draw.one(names)])),
  );
};

const rows = new Map<string, string>();
const refusals = new Map<string, number>();
for (let count = 0; count < Number(values.notes); count += 1) {
  const made = await rowOf(inventNote(draw), inventRequest(draw));
  if (typeof made === 'string') {
    const reason = made.replaceAll(/"[^"]*"|\d+/g, '…').slice(0, 60);
    refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
    continue;
  }
  const { row, schema } = made;
  const completion =
    values.answers === 'chance'
      ? [{ role: 'assistant', content: byChance(schema) }]
      : row.completion;
  rows.set(row.prompt[1].content, JSON.stringify({ ...row, completion }));
}
const sides = { train: [] as string[], 'held-out': [] as string[] };
for (const [question, line] of rows) {
  sides[sideOf(question, Number(values['held-out']))].push(line);
}
writeDecisions(values.out, sides);
for (const [reason, count] of [...refusals].sort((a, b) => b[1] - a[1])) {
  console.log(`no row: ${count}, ${reason}`);
}
