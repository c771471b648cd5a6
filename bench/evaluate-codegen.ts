// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { readCorpora } from './codegen/corpus.ts';
import { drive } from './codegen/drive.ts';
import { type Task, tasksFor } from './codegen/tasks.ts';
import { faultOf } from './codegen/verify.ts';

/*
 * The codegen rules on tasks made from the sources of installed packages, each judged by other means
 * than the rules' own: `node bench/evaluate-codegen.ts [EACH]`, the tasks of each kind and package.
 * Ends with 1 when one of them is wrong.
 */

export type Score = {
  readonly task: Task;
  readonly outcome: 'done' | 'declined' | 'wrong';
  readonly notes: string;
  readonly steps: number;
};

/** Has the codegen rules do a task and judges what came of it by other means. */
export const score = async (task: Task): Promise<Score> => {
  const driven = await drive(task.corpus.files, task.spec);
  const { notes, steps } = driven;
  if (driven.status !== 'ok') return { task, outcome: 'declined', notes, steps };
  const fault = faultOf(task, driven);
  return fault === undefined
    ? { task, outcome: 'done', notes, steps }
    : { task, outcome: 'wrong', notes: fault, steps };
};

const count = (scores: readonly Score[], outcome: Score['outcome']): number =>
  scores.filter((one) => one.outcome === outcome).length;

const main = async (each: number): Promise<void> => {
  const { corpora, absent } = await readCorpora(join(import.meta.dirname, '../node_modules'));
  const scores: Score[] = [];
  for (const task of corpora.flatMap((corpus) => tasksFor(corpus, each))) {
    const one = await score(task);
    scores.push(one);
    const words = [task.spec.acceptance].flat()[0];
    console.log(`${one.outcome.padEnd(9)}${task.corpus.name}: ${words} (${one.steps} steps)`);
    if (one.outcome !== 'done') console.log(`         ${one.notes}`);
  }
  console.log('\nchore          tasks  done  declined  wrong');
  for (const kind of [...new Set(scores.map(({ task }) => task.expect.kind)), 'all']) {
    const some = scores.filter(({ task }) => kind === 'all' || task.expect.kind === kind);
    const counts = (['done', 'declined', 'wrong'] as const).map((one) => count(some, one));
    const cells = [some.length, ...counts].map((cell, at) =>
      String(cell).padStart([5, 6, 10, 7][at] ?? 0),
    );
    console.log(`${kind.padEnd(15)}${cells.join('')}`);
  }
  if (absent.length > 0) console.log(`not installed: ${absent.join(', ')}`);
  if (count(scores, 'wrong') > 0) process.exitCode = 1;
};

if (import.meta.main) await main(Number(process.argv[2] ?? 4));
