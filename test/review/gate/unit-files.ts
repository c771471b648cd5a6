// SPDX-License-Identifier: GPL-3.0-only
import type { Output } from '../../../src/agent/schema.ts';
import { gateSchema } from '../../../src/config/schema.ts';
import type { SpecTerms, UnitFile } from '../../../src/review/gate/gate-terms.ts';
import { standingOf } from '../../../src/review/kappa/reviewer-standing.ts';
import type { ExamResult, Pair, Review, Verdict } from '../../../src/review/schema.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';
import { patchDigest } from '../../../src/workspace/patch-digest.ts';

export const gate = gateSchema.parse({});

export type Changes = NonNullable<Output['changes']>;

export const change = (path: string, more: Partial<Changes[number]> = {}): Changes[number] => ({
  path,
  mode: '100644',
  baseOid: '1'.repeat(40),
  oid: '2'.repeat(40),
  ...more,
});

export const workOf = (changes: Changes, lines = 4, more: Partial<Output> = {}): Output => ({
  status: 'ok',
  notes: 'done',
  metrics: {},
  result: {},
  diff: 'diff --git a/docs/a.md b/docs/a.md\n',
  stats: { files: changes.length, insertions: lines, deletions: 0 },
  patchDigest: patchDigest(changes),
  changes,
  ...more,
});

export const reviewsOf = (
  changes: Changes,
  verdicts: readonly Verdict[] = ['approve', 'approve'],
) =>
  verdicts.map(
    (verdict, index): Review => ({
      verdict,
      findings: verdict === 'reject' ? ['a line is dropped'] : [],
      patchDigest: patchDigest(changes),
      reviewer: index === 0 ? 'reviewA' : 'reviewB',
      runtime: index === 0 ? 'a' : 'b',
    }),
  );

export const exam: ExamResult = {
  runtime: 'a',
  kind: 'docs',
  seed: 1,
  good: 100,
  bad: 100,
  falseApprovals: 2,
  falseRejections: 1,
  recall: 0.98,
  precision: 0.99,
};

export const specOf = (more: object = {}) =>
  normaliseSpec(
    specFileSchema.parse({ title: 'T', scope: ['docs/', '.github/'], acceptance: ['A'], ...more }),
    'spec',
  );

export const pairs = (table: readonly [number, number, number]): readonly Pair[] =>
  (
    [
      ['approve', 'approve'],
      ['approve', 'reject'],
      ['reject', 'reject'],
    ] as const
  ).flatMap(([a, b], index) =>
    Array.from({ length: table[index] ?? 0 }, (_, unit) => ({
      source: 'live' as const,
      night: 'n',
      spec: 's',
      unit: `${unit}`,
      runtimes: ['a', 'b'] as [string, string],
      verdicts: [a, b] as [Verdict, Verdict],
    })),
  );

/** The same result for both reviewers and both kinds. */
export const examsOf = (result: ExamResult): readonly ExamResult[] =>
  ['a', 'b'].flatMap((runtime) =>
    (['docs', 'code'] as const).map((kind) => ({ ...result, runtime, kind })),
  );

export const terms: SpecTerms = {
  spec: specOf(),
  gate,
  exams: examsOf(exam),
  independence: { independent: true },
  standing: standingOf(pairs([20, 0, 20]), gate),
};

export const fileOf = (changes: Changes, more: Partial<UnitFile> = {}): UnitFile => ({
  unit: { id: 'u', kind: 'spec', paths: ['docs/**', '.github/**'] },
  work: workOf(changes),
  test: { status: 'ok', notes: '3 passed', metrics: {}, result: {} },
  reviews: reviewsOf(changes),
  patched: new Map(changes.map(({ path }) => [path, 'text\n'])),
  ...more,
});
