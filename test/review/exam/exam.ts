// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { openChores } from '../../../src/chore/chores.ts';
import { gateSchema } from '../../../src/config/schema.ts';
import { composeExam } from '../../../src/review/exam/compose-exam.ts';
import type { ExamCase } from '../../../src/review/exam/exam-case.ts';
import {
  countsByWay,
  examResultOf,
  isExamLost,
  passedExam,
} from '../../../src/review/exam/exam-result.ts';
import type { ExamSource } from '../../../src/review/exam/materials.ts';
import { type ExamRun, runExam } from '../../../src/review/exam/run-exam.ts';
import type { ExamKind, Verdict } from '../../../src/review/schema.ts';
import { openReviewer } from '../ask-reviewer.ts';

const { exam: lines } = gateSchema.parse({});
const chores = openChores();
const root = join(import.meta.dirname, '../../..');

const filesIn = (folder: string, ending: RegExp): readonly ExamSource[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .slice(0, 300)
    .map((path) => ({ path: path.slice(folder.length + 1), text: readFileSync(path, 'utf8') }));

const passes = test.macro(
  async (t, rules: string, kind: ExamKind, seed: number, sources: readonly ExamSource[] = []) => {
    const askReviewer = await openReviewer(rules);
    const { result, answers } = await runExam({
      kind,
      seed,
      chores,
      sources,
      runtime: rules,
      askReviewer: async (examCase) => (await askReviewer(examCase)).verdict,
    });
    const wrong = countsByWay(answers).filter((count) => count.wrong > 0);
    t.log(`${result.falseApprovals} false approvals, ${result.falseRejections} false rejections`);
    for (const { truth, way, patches, wrong: count } of wrong) {
      t.log(`  ${truth} ${way}: ${count} of ${patches}`);
    }
    t.is(result.good, 100);
    t.is(result.bad, 100);
    t.true(passedExam(result, lines));
    t.true(result.falseApprovals <= 8, 'well above the line');
    t.true(result.falseRejections <= 2, 'well above the line');
  },
);

const code = filesIn(join(root, 'node_modules/zod/src/v4/core'), /(?<!\.d)\.ts$/);
const notes = filesIn(join(root, 'node_modules/yaml'), /\.md$/);

for (const rules of ['by-acceptance', 'by-redoing']) {
  test(`${rules} passes on notes`, passes, rules, 'docs', 11, notes);
  test(`${rules} passes on code`, passes, rules, 'code', 12, code);
}

const corpus = join(root, '../shared/corpus/docs');
const corpusTest = existsSync(corpus) ? test : test.skip;

for (const rules of ['by-acceptance', 'by-redoing']) {
  const sources = existsSync(corpus) ? filesIn(corpus, /\.md$/) : [];
  corpusTest(`${rules} passes on the corpus`, passes, rules, 'docs', 13, sources);
}

const fails = test.macro(async (t, verdict: 'approve' | 'reject') => {
  const { result } = await runExam({
    kind: 'docs',
    seed: 1,
    chores,
    runtime: 'same answer',
    askReviewer: async () => verdict,
  });
  t.false(passedExam(result, lines));
});

test('who approves everything fails', fails, 'approve');
test('who rejects everything fails', fails, 'reject');

test('nothing answered is not passed', (t) => {
  const empty = examResultOf([], { runtime: 'r', kind: 'docs', seed: 1 });
  t.false(passedExam(empty, { recall: 0, precision: 0 }));
});

for (const kind of ['docs', 'code'] as const) {
  test(`the ${kind} exam is the same for the same seed, and another for another`, async (t) => {
    const compose = async (seed: number) =>
      (await composeExam({ kind, seed, chores, good: 30, bad: 30 })).map(
        ({ base, edits, ...rest }) => ({
          ...rest,
          base: [...base],
          edits: [...edits],
        }),
      );
    t.deepEqual(await compose(5), await compose(5));
    t.notDeepEqual(await compose(5), await compose(6));
  });

  test(`every ${kind} patch changes something, and both truths are mixed`, async (t) => {
    const cases = await composeExam({ kind, seed: 3, chores, good: 60, bad: 60 });
    t.true(
      cases.every(({ base, edits }) => [...edits].some(([path, text]) => base.get(path) !== text)),
    );
    const truths = cases.slice(0, 30).map(({ truth }) => truth);
    t.true(truths.includes('good') && truths.includes('bad'));
    t.true(new Set(cases.map(({ way }) => way)).size > 15);
  });
}

const right = ({ truth }: ExamCase): Verdict => (truth === 'good' ? 'approve' : 'reject');

/** A reviewer that is wrong about every so many-th patch and takes its time, more or less of it. */
const wrongAbout =
  (every: number) =>
  async (examCase: ExamCase): Promise<Verdict> => {
    const number = Number(/\d+$/.exec(examCase.id)?.[0] ?? 0);
    await sleep((number * 7) % 4);
    if (number % every !== 0) return right(examCase);
    return right(examCase) === 'approve' ? 'reject' : 'approve';
  };

const sit = (more: Pick<ExamRun, 'askReviewer'> & Partial<ExamRun>) =>
  runExam({ kind: 'docs', seed: 4, chores, good: 40, bad: 40, runtime: 'r', ...more });

test('the result is the same however many are asked at once', async (t) => {
  for (const every of [1, 5, 1000]) {
    const askReviewer = wrongAbout(every);
    const one = await sit({ askReviewer, lines: lines });
    for (const atOnce of [2, 500]) {
      t.deepEqual(await sit({ askReviewer, lines: lines, atOnce }), one, `${every} ${atOnce}`);
    }
  }
});

test('as many are asked at once as it says, and no more', async (t) => {
  let running = 0;
  let most = 0;
  const { answers } = await sit({
    atOnce: 7,
    askReviewer: async (examCase) => {
      running += 1;
      most = Math.max(most, running);
      await sleep(1);
      running -= 1;
      return right(examCase);
    },
  });
  t.is(most, 7);
  t.is(answers.length, 80);
});

const ends = test.macro(
  async (t, reviewer: (examCase: ExamCase) => Verdict, asked: readonly [number, number]) => {
    const { result, answers } = await sit({
      askReviewer: async (one) => reviewer(one),
      lines: lines,
    });
    t.false(passedExam(result, lines));
    t.is(result.of, 80);
    t.is(result.good + result.bad, answers.length);
    t.true(answers.length >= asked[0] && answers.length <= asked[1], `${answers.length}`);
    // Only what cannot be passed ends early: the same answers with the rest right do not pass.
    const whole = await sit({ askReviewer: async (one) => reviewer(one) });
    t.false(passedExam(whole.result, lines));
    t.is(whole.result.of, undefined);
    t.is(whole.answers.length, 80);
  },
);

test('who approves everything is known soon', ends, () => 'approve', [5, 20]);
test('who rejects everything is known soon', ends, () => 'reject', [5, 20]);

test('who passes is asked about everything', async (t) => {
  const { result } = await sit({ askReviewer: wrongAbout(20), lines: lines, atOnce: 8 });
  t.true(passedExam(result, lines));
  t.is(result.good + result.bad, 80);
  t.is(result.of, undefined);
});

test('where nothing is asked of a reviewer, it passes with nothing caught', async (t) => {
  const lax = { recall: 0, precision: 0 };
  const { result } = await sit({ askReviewer: async () => 'approve', lines: lax });
  t.is(result.falseApprovals, 40);
  t.true(passedExam(result, lax));
});

test('an exam that ended early was not passed, whatever its shares', (t) => {
  const answer = { id: 'a', truth: 'bad', way: 'w', verdict: 'reject' } as const;
  const good = { ...answer, truth: 'good', verdict: 'approve' } as const;
  const result = examResultOf([answer, good], { runtime: 'r', kind: 'docs', seed: 1 });
  t.true(passedExam(result, lines));
  t.false(passedExam({ ...result, of: 80 }, lines));
  t.false(isExamLost({ ...result, of: 80 }, { good: 40, bad: 40 }, lines));
});

test('what is asked beyond the end is given up', async (t) => {
  let stopped = 0;
  const { result } = await sit({
    lines: lines,
    atOnce: 40,
    askReviewer: async ({ id }, signal) => {
      if (Number(/\d+$/.exec(id)?.[0]) % 2 === 0) return 'approve';
      await sleep(20, undefined, { signal }).catch((error) => {
        stopped += 1;
        throw error;
      });
      return 'approve';
    },
  });
  t.is(result.falseApprovals, 5);
  t.true(stopped > 0);
});

test('a fault ends the exam and is told', async (t) => {
  let asked = 0;
  const askReviewer = async (): Promise<Verdict> => {
    asked += 1;
    await sleep(1);
    if (asked > 5) throw new Error('the engine is out');
    return 'reject';
  };
  const { failure } = await sit({ askReviewer, atOnce: 3 });
  t.deepEqual(failure?.error, new Error('the engine is out'));
  t.true(asked < 12);
  // What was answered until then is there to go on from, each by the name of its patch.
  const said = failure?.said ?? {};
  const judged = Object.keys(said).length;
  t.true(judged > 0 && judged < 12, `${judged}`);
  let more = 0;
  const { result } = await sit({
    answered: () => new Map(Object.entries(said)),
    askReviewer: async () => {
      more += 1;
      return 'reject';
    },
  });
  t.is(more, 80 - judged);
  t.is(result.of, undefined);
});

test('who asks hears how far it is', async (t) => {
  const told: number[] = [];
  await sit({
    askReviewer: async (one) => right(one),
    onAnswer: (answered, of) => {
      t.is(of, 80);
      told.push(answered);
    },
  });
  t.deepEqual(
    told,
    Array.from({ length: 80 }, (_, index) => index + 1),
  );
});

test('no verdict counts as a rejection, and is counted beside', async (t) => {
  const { result, answers } = await sit({
    askReviewer: async (examCase) =>
      Number(/\d+$/.exec(examCase.id)?.[0]) % 4 === 0 ? { unanswered: 'repeat' } : right(examCase),
  });
  const silent = answers.filter(({ unanswered }) => unanswered === 'repeat');
  t.true(silent.length > 0 && silent.every(({ verdict }) => verdict === 'reject'));
  t.deepEqual(result.unanswered, { repeat: silent.length });
  t.is(result.falseRejections, silent.filter(({ truth }) => truth === 'good').length);
  t.is((await sit({ askReviewer: async (one) => right(one) })).result.unanswered, undefined);
});
