// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { judgeUnit } from '../../../src/review/gate/gate.ts';
import { gateRules, passedRules } from '../../../src/review/gate/gate-rules.ts';
import { redCodes, type SpecTerms, type UnitFile } from '../../../src/review/gate/gate-terms.ts';
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

/** What breaks each rule and leaves those before it as they are, in the order of the rules. */
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
  for (const [index] of faults.entries()) {
    const broken = faults.slice(index).reduceRight((judged, fault) => fault(judged), good);
    const ruling = judgeUnit(broken.file, broken.terms);
    t.is(ruling.outcome, 'red', gateRules[index]);
    t.is(passedRules(ruling.outcome === 'red' ? ruling.code : undefined), index, gateRules[index]);
  }
});

test('every code of the gate is of one rule, an approved unit passed all, and another code is of none', (t) => {
  t.true(redCodes.every((code) => passedRules(code) !== undefined));
  t.is(passedRules(), gateRules.length);
  t.is(passedRules('declined'), undefined);
});
