// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { gateSchema } from '../../../src/config/schema.ts';
import { composeExam, type ExamSource } from '../../../src/review/exam/compose-exam.ts';
import { countsByWay, examResultOf, passedExam } from '../../../src/review/exam/exam-result.ts';
import { runExam } from '../../../src/review/exam/run-exam.ts';
import type { ExamKind } from '../../../src/review/schema.ts';
import { openReviewer } from '../ask-reviewer.ts';

const { exam: lines } = gateSchema.parse({});
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
const haveCorpus = (() => {
  try {
    return readdirSync(corpus).length > 0;
  } catch {
    return false;
  }
})();
if (haveCorpus) {
  test(
    'by-acceptance passes on the corpus',
    passes,
    'by-acceptance',
    'docs',
    13,
    filesIn(corpus, /\.md$/),
  );
  test(
    'by-redoing passes on the corpus',
    passes,
    'by-redoing',
    'docs',
    13,
    filesIn(corpus, /\.md$/),
  );
} else {
  test('the exam on the corpus', (t) => {
    t.log('skipped: there is no corpus beside the repository');
    t.pass();
  });
}

const fails = test.macro(async (t, verdict: 'approve' | 'reject') => {
  const { result } = await runExam({
    kind: 'docs',
    seed: 1,
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
  test(`the ${kind} exam is the same for the same seed, and another for another`, (t) => {
    const compose = (seed: number) =>
      composeExam({ kind, seed, good: 30, bad: 30 }).map(({ base, edits, ...rest }) => ({
        ...rest,
        base: [...base],
        edits: [...edits],
      }));
    t.deepEqual(compose(5), compose(5));
    t.notDeepEqual(compose(5), compose(6));
  });

  test(`every ${kind} patch changes something, and both truths are mixed`, (t) => {
    const cases = composeExam({ kind, seed: 3, good: 60, bad: 60 });
    t.true(
      cases.every(({ base, edits }) => [...edits].some(([path, text]) => base.get(path) !== text)),
    );
    const truths = cases.slice(0, 30).map(({ truth }) => truth);
    t.true(truths.includes('good') && truths.includes('bad'));
    t.true(new Set(cases.map(({ way }) => way)).size > 15);
  });
}
