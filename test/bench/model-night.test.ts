// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { faultsOf } from '../../bench/model-night/judge.ts';
import type { Answers } from '../../bench/model-night/tally.ts';
import type { Summary } from '../../src/morning/summary.ts';

type Exam = Summary['reviewers'][number]['exams'][number];
type Spec = Summary['specs'][number];

const spec: Spec = {
  id: 'tidy',
  title: 'Tidy',
  flow: 'docops',
  outcome: 'red-bin',
  reason: 'doc: gave up',
  branch: null,
  commit: null,
  units: { approved: 0, red: 1, skipped: 0 },
  unitDetails: [],
  trace: 'tidy/_spec',
};
const exam: Exam = {
  reviewer: 'reviewA',
  kind: 'docs',
  passed: false,
  asked: 20,
  of: 200,
  falseApprovals: 0,
  falseRejections: 12,
};
const answers: Answers = {
  spec: 'tidy',
  answers: 4,
  promptTokens: 400,
  cachedTokens: 300,
  completionTokens: 80,
  schemaErrors: 0,
  caughtAfterLowering: 0,
  cut: 1,
  failures: new Map(),
};

const judged = test.macro(
  (
    t,
    more: { readonly spec?: Partial<Spec>; readonly exam?: Partial<Exam>; readonly off?: number },
    expected?: RegExp,
  ) => {
    const reviewers = [
      {
        flow: 'docops',
        state: 'halt',
        kappa: null,
        ac1: null,
        agreement: null,
        pairs: 0,
        line: '',
      },
    ].map((reviewer) => ({ ...reviewer, exams: [{ ...exam, ...more.exam }] }));
    const summary = { specs: [{ ...spec, ...more.spec }], reviewers } as unknown as Summary;
    const faults = faultsOf(summary, [{ ...answers, schemaErrors: more.off ?? 0 }], 1);
    if (expected === undefined) t.deepEqual(faults, []);
    else {
      t.is(faults.length, 1, faults.join('\n'));
      t.regex(faults[0] ?? '', expected);
    }
  },
);

test('a red bin that says why is as it should be', judged, {});
test('a red bin without a reason', judged, { spec: { reason: ' ' } }, /tidy does not say why/);
test(
  'a pull request by a reviewer that failed',
  judged,
  { spec: { outcome: 'pull-request' } },
  /tidy was approved by a reviewer that failed its exam/,
);
test('a pull request by reviewers that passed', judged, {
  spec: { outcome: 'pull-request' },
  exam: { passed: true },
});
test(
  'an exam that broke off',
  judged,
  { exam: { broken: 'the process ended' } },
  /could not sit the docs exam: the process ended/,
);
test('an answer off its schema', judged, { off: 2 }, /tidy: 2 answers did not follow their schema/);

test('a spec that never ended', (t) => {
  t.deepEqual(faultsOf({ specs: [], reviewers: [] } as unknown as Summary, [], 1), [
    '1 specs were given and 0 ended',
  ]);
});
