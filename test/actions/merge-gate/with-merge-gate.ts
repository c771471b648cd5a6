// SPDX-License-Identifier: GPL-3.0-only
import { run } from '../../../actions/merge-gate/agent.ts';
import { contextOf, overlayOf } from '../../../bench/docs/chore.ts';
import type { LeftOut, Output } from '../../../src/agent/schema.ts';
import { gateSchema } from '../../../src/config/schema.ts';
import {
  type Decision,
  decisionSchema,
  type JoinedFile,
  type UnitEvidence,
} from '../../../src/review/gate/gate-agent.ts';
import type { SpecTerms } from '../../../src/review/gate/gate-terms.ts';
import { standingOf } from '../../../src/review/kappa/reviewer-standing.ts';
import type { Review, Verdict } from '../../../src/review/schema.ts';
import { normaliseSpec, specFileSchema } from '../../../src/spec/schema.ts';
import { blobOid } from '../../../src/workspace/blob-oid.ts';
import { patchDigest } from '../../../src/workspace/patch-digest.ts';

const gate = gateSchema.parse({ maxLines: 100, maxFiles: 3 });
const spec = normaliseSpec(
  specFileSchema.parse({ title: 'Tidy', scope: 'docs/', acceptance: ['All tests pass'] }),
  'tidy',
);

const passed = {
  seed: 1,
  good: 9,
  bad: 9,
  falseApprovals: 0,
  falseRejections: 0,
  recall: 1,
  precision: 1,
};

/** Everything in order: two independent reviewers who passed. */
export const terms: SpecTerms = {
  spec,
  gate,
  independence: { independent: true },
  standing: standingOf([], gate),
  exams: ['a', 'b'].flatMap((runtime) =>
    (['docs', 'code'] as const).map((kind) => ({ ...passed, runtime, kind })),
  ),
};

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

type UnitOptions = {
  readonly text?: string;
  readonly lines?: number;
  readonly verdicts?: readonly [Verdict, Verdict];
  readonly unchanged?: true;
  readonly paths?: readonly string[];
  readonly more?: Partial<UnitEvidence>;
};

/** What the bundles of one file's unit say. */
export const unitOf = (path: string, options: UnitOptions = {}): UnitEvidence => {
  const { text = 'new\n', lines = 2, verdicts = ['approve', 'approve'], unchanged, more } = options;
  const oid = blobOid(bytes(text), 40);
  const changes = unchanged ? [] : [{ path, mode: '100644', baseOid: '1'.repeat(40), oid }];
  const digest = patchDigest(changes);
  const output = { status: 'ok' as const, notes: 'done', metrics: {}, result: {} };
  const reviews = verdicts.map(
    (verdict, index): Review => ({
      verdict,
      findings: verdict === 'reject' ? [`${path} is not it`] : [],
      patchDigest: digest,
      reviewer: index === 0 ? 'reviewA' : 'reviewB',
      runtime: index === 0 ? 'a' : 'b',
    }),
  );
  return {
    unit: { id: path.replaceAll(/\W/g, '-'), kind: 'file', paths: [...(options.paths ?? [path])] },
    work: {
      ...output,
      diff: 'diff --git\n',
      stats: { files: changes.length, insertions: changes.length * lines, deletions: 0 },
      patchDigest: digest,
      changes,
    },
    test: output,
    reviews,
    written: new Map(changes.map((change) => [change.path, bytes(text)])),
    patched: new Map(changes.map((change) => [change.path, text])),
    ...more,
  };
};

/** What a test node of the joined tree says: passed, failed, skipped. */
export const tests = (
  status: 'ok' | 'fail',
  counts: readonly [number, number, number],
): Output => ({
  status,
  notes: status === 'ok' ? 'green' : '1 test is red',
  metrics: {},
  result: { passed: counts[0], failed: counts[1], skipped: counts[2] },
});

/** The gate's decision over units, what it tested again and what it proposed. */
export const decide = async (
  units: readonly UnitEvidence[],
  retested: readonly Output[] = [tests('ok', [4, 0, 1])],
  judged: SpecTerms = terms,
  left: readonly LeftOut[] = [],
) => {
  const seen: { retest: readonly JoinedFile[][]; proposed: Decision[] } = {
    retest: [],
    proposed: [],
  };
  const retests: JoinedFile[][] = [];
  const input = { spec, unit: { id: '_spec', kind: 'spec' as const, paths: [] }, inputs: {} };
  const answer = await run({
    ...contextOf(input, overlayOf({})),
    terms: judged,
    left,
    evidence: async function* () {
      yield* units;
    },
    retest: async (files) => {
      retests.push([...files]);
      return retested;
    },
    propose: async (decision) => {
      seen.proposed.push(decision);
      return { commit: 'c'.repeat(40), record: 'r'.repeat(64) };
    },
  });
  const decision = decisionSchema.parse(answer.result);
  return { answer, decision, retests, proposed: seen.proposed };
};
