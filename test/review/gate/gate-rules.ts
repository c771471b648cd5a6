// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { judgeUnit } from '../../../src/review/gate/gate.ts';
import { gateRules, passedRules } from '../../../src/review/gate/gate-rules.ts';
import type { SpecTerms, UnitFile } from '../../../src/review/gate/gate-terms.ts';
import { standingOf } from '../../../src/review/kappa/reviewer-standing.ts';
import { textWith } from '../../secrets/planted.ts';
import {
  change,
  exam,
  examsOf,
  fileOf,
  gate,
  pairs,
  reviewsOf,
  terms,
  workOf,
} from './unit-files.ts';

type Judged = { readonly file: UnitFile; readonly terms: SpecTerms };

const good: Judged = { file: fileOf([change('docs/a.md')]), terms };

const withFile = (judged: Judged, more: Partial<UnitFile>): Judged => ({
  ...judged,
  file: { ...judged.file, ...more },
});

const withTerms = (judged: Judged, more: Partial<SpecTerms>): Judged => ({
  ...judged,
  terms: { ...judged.terms, ...more },
});

/**
 * What breaks each rule that is judged of a unit alone, and leaves those before it as they are, in the order of the
 * rules. Before them stands what rules/ forbid, after them what a unit is to the others.
 */
const faults: readonly ((judged: Judged) => Judged)[] = [
  (judged) =>
    withFile(judged, { work: { ...workOf([change('docs/a.md')]), patchDigest: 'f'.repeat(64) } }),
  (judged) => withFile(judged, { unit: { id: 'u', kind: 'spec', paths: ['other/**'] } }),
  (judged) => withTerms(judged, { gate: { ...gate, maxLines: 1 } }),
  (judged) => withFile(judged, { patched: new Map([['docs/a.md', textWith('GitHub token')]]) }),
  (judged) =>
    withFile(judged, { test: { status: 'fail', notes: '1 failed', metrics: {}, result: {} } }),
  (judged) => withFile(judged, { reviews: judged.file.reviews.slice(0, 1) }),
  (judged) =>
    withFile(judged, {
      reviews: judged.file.reviews.map((review) => ({ ...review, patchDigest: 'e'.repeat(64) })),
    }),
  (judged) =>
    withFile(judged, { reviews: reviewsOf([change('docs/a.md')], ['approve', 'reject']) }),
  (judged) => withTerms(judged, { independence: { independent: false, reason: 'same weights' } }),
  (judged) => withTerms(judged, { exams: examsOf({ ...exam, recall: 0.1, falseApprovals: 90 }) }),
  (judged) => withTerms(judged, { standing: standingOf(pairs([20, 20, 0]), gate) }),
];

test('a unit that breaks a rule and all after it is red by that rule, which those before it passed', (t) => {
  for (const index of faults.keys()) {
    const broken = faults.slice(index).reduceRight((judged, fault) => fault(judged), good);
    const ruling = judgeUnit(broken.file, broken.terms);
    const rule = gateRules[index + 1];
    t.is(ruling.outcome, 'red', rule);
    t.is(passedRules(ruling.outcome === 'red' ? ruling.code : undefined), index + 1, rule);
  }
});

test('a code that is not of a rule says nothing of rules, nor does none', (t) => {
  t.is(passedRules(), undefined);
  t.is(passedRules('agent.declined'), undefined);
});
