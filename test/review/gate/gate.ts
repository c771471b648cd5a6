// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { gateSchema } from '../../../src/config/schema.ts';
import type { FindingCode } from '../../../src/data/findings/table.ts';
import { type JoinedUnit, judgeJoined, judgeUnit } from '../../../src/review/gate/gate.ts';
import type { SpecTerms, UnitFile } from '../../../src/review/gate/gate-terms.ts';
import { examKindsIn } from '../../../src/review/gate/gate-terms.ts';
import { standingOf } from '../../../src/review/kappa/reviewer-standing.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';
import { patchDigest } from '../../../src/workspace/patch-digest.ts';
import { each } from '../../each.ts';
import {
  type Changes,
  change,
  exam,
  examsOf,
  fileOf,
  gate,
  pairs,
  reviewsOf,
  specOf,
  terms,
  workOf,
} from './unit-files.ts';

const one = [change('docs/a.md')];

test('approved when nothing is wrong', (t) => {
  t.deepEqual(judgeUnit(fileOf(one), terms), { outcome: 'approved' });
});

test('nothing to do is neither red nor a pull request', (t) => {
  t.deepEqual(judgeUnit(fileOf([], { reviews: [] }), terms), { outcome: 'unchanged' });
});

type Case = { readonly file?: UnitFile; readonly terms?: Partial<SpecTerms> };

const isRed = test.macro((t, code: FindingCode, reason: RegExp, scenario: Case) => {
  const ruling = judgeUnit(scenario.file ?? fileOf(one), { ...terms, ...scenario.terms });
  t.is(ruling.outcome, 'red');
  if (ruling.outcome !== 'red') return;
  t.is(ruling.code, code);
  t.regex(ruling.reason, reason);
});

const patched = (changes: Changes, more: Partial<UnitFile> = {}) => ({
  file: fileOf(changes, more),
});

each(isRed, {
  'nothing changed although a reviewer sees something to do': [
    'gate.rejected',
    /reviewB: the title/,
    patched([], {
      reviews: reviewsOf([]).map((review) =>
        review.reviewer === 'reviewB'
          ? { ...review, verdict: 'reject', findings: ['the title is missing'] }
          : review,
      ),
    }),
  ],
  'no output': ['gate.patch', /no output/, patched(one, { work: undefined })],
  'the worker gave up': [
    'gate.patch',
    /gave up: cannot/,
    patched(one, { work: workOf(one, 1, { status: 'fail', notes: 'cannot' }) }),
  ],
  'no patch': [
    'gate.patch',
    /no patch/,
    patched(one, { work: { status: 'ok', notes: '', metrics: {}, result: {} } }),
  ],
  'a digest of another patch': [
    'gate.patch',
    /own digest/,
    patched(one, { work: workOf(one, 1, { patchDigest: patchDigest([change('docs/b.md')]) }) }),
  ],
  'counts of another patch': [
    'gate.patch',
    /counts 2 files/,
    patched(one, { work: workOf(one, 1, { stats: { files: 2, insertions: 1, deletions: 0 } }) }),
  ],
  'a path twice': ['gate.patch', /twice/, patched([...one, ...one])],
  'out of scope': ['gate.scope', /outside the spec/, patched([change('src/a.ts')])],
  'out of the unit': [
    'gate.scope',
    /unit/,
    patched(one, { unit: { id: 'u', kind: 'file', paths: ['docs/b.md'] } }),
  ],
  'a glob in a file unit is no glob': [
    'gate.scope',
    /unit/,
    patched(one, { unit: { id: 'u', kind: 'file', paths: ['docs/*.md'] } }),
  ],
  upwards: ['gate.scope', /not a valid path/, patched([change('docs/../docs/a.md')])],
  'into .git': ['gate.scope', /not a valid path/, patched([change('docs/.GIT/config')])],
  'a symlink': ['gate.scope', /mode 120000/, patched([change('docs/a.md', { mode: '120000' })])],
  protected: ['gate.protected', /protected/, patched([change('.github/ci.yml')])],
  'protected in another case': [
    'gate.protected',
    /protected/,
    {
      file: fileOf([change('.GitHub/ci.yml')], { unit: { id: 'u', kind: 'spec', paths: ['**'] } }),
      terms: { spec: specOf({ scope: '**' }) },
    },
  ],
});
for (const path of ['docs/a.md', 'DOCS/a.md', 'Docs/a.md']) {
  test(`protected by a pattern in upper case: ${path}`, isRed, 'gate.protected', /protected/, {
    file: fileOf([change(path)], { unit: { id: 'u', kind: 'spec', paths: ['**'] } }),
    terms: { spec: specOf({ scope: '**' }), gate: gateSchema.parse({ protected: ['Docs/**'] }) },
  });
}

each(isRed, {
  'too many lines': ['gate.limits', /2001 lines/, patched(one, { work: workOf(one, 2001) })],
  'more lines than its own limit': [
    'gate.limits',
    /the limit is 3$/,
    { terms: { spec: specOf({ limits: { maxLines: 3 } }) } },
  ],
  'no limit beyond the ceiling': [
    'gate.limits',
    /the limit is 500000$/,
    {
      file: fileOf(one, { work: workOf(one, 500_001) }),
      terms: { spec: specOf({ limits: { maxLines: 900_000 } }) },
    },
  ],
  'a secret in the file': [
    'gate.secret',
    /docs\/a\.md:2 .*private key/,
    patched(one, {
      patched: new Map([['docs/a.md', ['x\n-----BEGIN ', 'PRIVATE KEY-----\n'].join('')]]),
    }),
  ],
  'a secret with its article': [
    'gate.secret',
    /looks like an AWS access key$/,
    patched(one, { patched: new Map([['docs/a.md', `AK${'IA'}QYLPMN5HHHFPZAM2\n`]]) }),
  ],
  'a secret in the patch': [
    'gate.secret',
    /the patch/,
    patched(one, {
      work: workOf(one, 1, { diff: ['-', '-----BEGIN ', 'PRIVATE KEY-----\n'].join('') }),
    }),
  ],
  'tests are red': [
    'gate.tests',
    /failed: 1 failed/,
    patched(one, { test: { status: 'fail', notes: '1 failed', metrics: {}, result: {} } }),
  ],
  'tests are missing': ['gate.tests', /no output/, patched(one, { test: undefined })],
  'one review': [
    'gate.reviews',
    /this unit has 1$/,
    patched(one, { reviews: reviewsOf(one, ['approve']) }),
  ],
  'three reviews': [
    'gate.reviews',
    /this unit has 3$/,
    patched(one, { reviews: reviewsOf(one, ['approve', 'approve', 'approve']) }),
  ],
  'one reviewer twice': [
    'gate.reviews',
    /two reviews/,
    patched(one, { reviews: reviewsOf(one).map((review) => ({ ...review, reviewer: 'reviewA' })) }),
  ],
  'a review of another patch': [
    'gate.digest',
    /reviewB reviewed a different/,
    patched(one, {
      reviews: [...reviewsOf(one).slice(0, 1), ...reviewsOf([change('docs/b.md')]).slice(1)],
    }),
  ],
  'the first rejects': [
    'gate.rejected',
    /reviewA: a line is dropped/,
    patched(one, { reviews: reviewsOf(one, ['reject', 'approve']) }),
  ],
  'the second rejects': [
    'gate.rejected',
    /reviewB: a line is dropped/,
    patched(one, { reviews: reviewsOf(one, ['approve', 'reject']) }),
  ],
  'reviewers that are one': [
    'gate.independence',
    /same weights/,
    { terms: { independence: { independent: false, reason: 'the same weights' } } },
  ],
  'an exam not taken': [
    'gate.exam',
    /reviewA has not taken the docs exam/,
    { terms: { exams: [] } },
  ],
  'an exam of the other kind': [
    'gate.exam',
    /code exam/,
    {
      file: fileOf([change('docs/a.ts')]),
      terms: { exams: examsOf(exam).filter(({ kind }) => kind === 'docs') },
    },
  ],
  'an exam failed': [
    'gate.exam',
    /reviewB failed .* 40 bad patches approved/,
    {
      terms: {
        exams: examsOf(exam).map((one) =>
          one.runtime === 'b' ? { ...one, falseApprovals: 40, recall: 0.6 } : one,
        ),
      },
    },
  ],
  'errors made together': [
    'gate.joint-errors',
    /6 of 8 exam patches .* gate\.jointErrors allows a share of 0\.5; bind one/,
    {
      terms: {
        standing: {
          ...standingOf(pairs([20, 0, 20]), gate),
          state: 'halt',
          exam: {
            patches: 400,
            wrong: [8, 12],
            both: 6,
            share: 0.75,
            phi: 0.6,
            kappas: [0.96, 0.94],
          },
        },
      },
    },
  ],
  'kappa collapsed': [
    'gate.kappa',
    /below the halt line of 0\.4/,
    { terms: { standing: standingOf(pairs([20, 10, 2]), gate) } },
  ],
  'kappa undefined over enough pairs': [
    'gate.kappa',
    /undefined/,
    { terms: { standing: standingOf(pairs([30, 0, 0]), gate) } },
  ],
});

const joinedGate = gateSchema.parse({});

const joined = (unit: string, ...paths: readonly string[]): JoinedUnit => ({
  unit,
  changes: paths.map((path) => ({
    path,
    mode: '100644',
    baseOid: '1'.repeat(40),
    oid: '2'.repeat(40),
  })),
  stats: { insertions: 30, deletions: 10 },
});

const joins = test.macro((t, units: readonly JoinedUnit[], outcome: string, more: object = {}) => {
  const file = { title: 'T', scope: 'docs/', acceptance: ['A'], ...more };
  const spec = normaliseSpec(specFileSchema.parse(file), 'spec');
  const ruling = judgeJoined(units, { gate: joinedGate, spec });
  const ended: string = ruling.outcome === 'red' ? ruling.code : ruling.outcome;
  t.is(ended, outcome);
});

const many = Array.from({ length: 51 }, (_, index) => joined(`u${index}`, `docs/${index}.md`));

each(joins, {
  'units of different files join': [
    [joined('a', 'docs/a.md'), joined('b', 'docs/b.md')],
    'approved',
  ],
  'nothing joins to nothing': [[], 'unchanged'],
  'no path by two units': [[joined('a', 'docs/a.md'), joined('b', 'docs/a.md')], 'gate.overlap'],
  'no file that is a folder to another': [
    [joined('a', 'docs/a'), joined('b', 'docs/a/b.md')],
    'gate.overlap',
  ],
  'files are counted over all units': [many, 'gate.limits'],
  'a spec may raise the limit': [many, 'gate.limits', { limits: { maxFiles: 60, maxLines: 2039 } }],
  'and then both hold': [many, 'approved', { limits: { maxFiles: 60, maxLines: 2040 } }],
});

test('a scope calls for the exams of its files, of those to come too', (t) => {
  const paths = ['docs/a.md', 'src/a.ts'];
  t.deepEqual(examKindsIn(paths, ['docs/**']), ['docs']);
  t.deepEqual(examKindsIn(paths, ['**']), ['docs', 'code']);
  t.deepEqual(examKindsIn(paths, ['test/a.test.ts']), ['code']);
  t.deepEqual(examKindsIn(paths, ['notes/new.md']), ['docs']);
  t.deepEqual(examKindsIn(paths, ['docs/**', '!src/b.ts']), ['docs']);
  t.deepEqual(examKindsIn(paths, ['lib/**']), []);
});
