// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { gateSchema } from '../../../src/config/schema.ts';
import { describeExam, passedExam, withHidden } from '../../../src/review/exam/exam-result.ts';
import type { ExamResult, Pair } from '../../../src/review/schema.ts';

const { exam: lines } = gateSchema.parse({});

const passed: ExamResult = {
  ...{ runtime: 'a', kind: 'docs', seed: 1, good: 100, bad: 100 },
  ...{ falseApprovals: 0, falseRejections: 0, recall: 1, precision: 1 },
};

const hiddenPairs = (count: number, more: Partial<Pair> = {}): readonly Pair[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ source: 'hidden', night: 'n', spec: 'docs', unit: `box/_exam-${at}`, truth: 'bad' },
    runtimes: ['b', 'a'],
    verdicts: ['reject', 'approve'],
    ...more,
  }));

test('what a reviewer said of hidden patches counts as if they were of its exam', (t) => {
  const lost = withHidden(passed, hiddenPairs(12));
  t.like(lost, { good: 100, bad: 112, falseApprovals: 12, falseRejections: 0, hidden: 12 });
  t.is(lost.recall, 100 / 112);
  t.false(passedExam(lost, lines));
  t.is(
    describeExam(lost, lines),
    'failed the docs exam, 12 of 212 patches among live units: 12 bad patches approved, 0 good ones rejected',
  );
  t.true(passedExam(withHidden(passed, hiddenPairs(11)), lines));
  t.true(passedExam(withHidden({ ...passed, runtime: 'b' }, hiddenPairs(12)), lines));
  const good = withHidden(
    passed,
    hiddenPairs(12, { truth: 'good', verdicts: ['approve', 'reject'] }),
  );
  t.like(good, { good: 112, falseRejections: 12, precision: 100 / 112, hidden: 12 });
  t.false(passedExam(good, lines));
});

test('of another kind, runtime or source they count for nothing, nor for an exam that has no vote', (t) => {
  for (const more of [{ spec: 'code' }, { source: 'live' }, { runtimes: ['b', 'c'] }] as const) {
    t.is(withHidden(passed, hiddenPairs(12, more as Partial<Pair>)), passed);
  }
  const early = { ...passed, of: 300 };
  t.is(withHidden(early, hiddenPairs(12)), early);
});
