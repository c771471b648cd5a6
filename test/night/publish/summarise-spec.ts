// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { Output } from '../../../src/agent/schema.ts';
import { summariseEnd } from '../../../src/night/publish/summarise-spec.ts';
import type { DecidedSpec } from '../../../src/night/record/night-schemas.ts';
import type { Decision } from '../../../src/review/gate/gate-agent.ts';
import { normaliseSpec, specDigest } from '../../../src/spec/schema.ts';

test('files that the worker left stand in the summary beside those that no unit has', (t) => {
  const spec = normaliseSpec({ title: 'T', scope: '**', acceptance: ['A'] }, 't');
  const decided = { spec, flow: 'spec2code', digest: specDigest(spec), branch: 'b' } as DecidedSpec;
  const [page, note] = ['a.mdx', 'a.md'].map((path) => ({ path, reason: `${path} is left` }));
  const decision: Decision = {
    outcome: 'pull-request',
    reason: 'approved by both reviewers',
    units: [{ id: 'u', kind: 'spec', paths: ['**'], state: 'approved', left: note ? [note] : [] }],
    stats: { files: 1, insertions: 1, deletions: 0 },
    tests: { passed: 0, failed: 0, skipped: 0 },
  };
  const ended = (result: unknown) => ({
    status: 'ok' as const,
    identity: '',
    output: { status: 'ok' as const, notes: '', metrics: {}, result: result as Output['result'] },
  });
  const plan = ended({ units: [], left: [page] });
  const { summary } = summariseEnd(
    decided,
    { plan, gate: ended(decision) },
    { state: 'refused', code: 'publish.refused', reason: 'no' },
  );
  t.deepEqual(summary.left, [page, note]);
});
