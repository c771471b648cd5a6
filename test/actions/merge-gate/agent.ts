// SPDX-License-Identifier: GPL-3.0-only
import test, { type ExecutionContext } from 'ava';
import type { Output } from '../../../src/agent/schema.ts';
import type { Decision, UnitEvidence } from '../../../src/review/gate/gate-agent.ts';
import type { SpecTerms } from '../../../src/review/gate/gate-terms.ts';
import { patchDigest, pullRequestDigest } from '../../../src/workspace/patch-digest.ts';
import { bytes, decide, terms, tests, unitOf } from './with-merge-gate.ts';

const summary = ({ units }: Decision): readonly string[] =>
  units.map(({ state, node, code, reason }) =>
    [state, node, code, reason].filter(Boolean).join(' '),
  );

const nothingOpened = (
  t: ExecutionContext,
  { decision, proposed }: Awaited<ReturnType<typeof decide>>,
) => {
  t.deepEqual(proposed, []);
  t.is(decision.commit, undefined);
  t.is(decision.record, undefined);
  t.is(decision.digest, undefined);
};

test('what the worker says that it left goes with the unit', async (t) => {
  const unit = unitOf('docs/a.md', { text: 'a\n' });
  for (const [result, mentions] of [
    [{ chores: [], mentions: ['b.md:1'] }, ['b.md:1']],
    [{ mentions: [] }, undefined],
    [{ mentions: 'b.md', left: [{ path: 'b.md', reason: 'is binary' }] }, undefined],
  ] as const) {
    const { work } = unit;
    const { decision } = await decide([
      {
        ...unit,
        work: work && { ...work, result: structuredClone<unknown>(result) as Output['result'] },
      },
    ]);
    t.deepEqual(decision.units[0]?.mentions, mentions && [...mentions]);
    t.is(decision.units[0]?.left?.[0]?.path, 'left' in result ? 'b.md' : undefined);
    t.is(/; 1 file left out: b\.md is binary$/.test(decision.reason), 'left' in result);
  }
});

test('what both approved is joined, tested together and proposed', async (t) => {
  const units = [
    unitOf('docs/b.md', { text: 'b\n' }),
    unitOf('docs/a.md', { text: 'a\n', lines: 5 }),
  ];
  const { decision, retests, proposed, answer } = await decide(units);
  t.is(decision.outcome, 'pull-request');
  t.is(decision.reason, 'all 2 changed units approved by both reviewers');
  t.is(answer.notes, decision.reason);
  t.deepEqual(retests, [
    [
      ['docs/b.md', bytes('b\n')],
      ['docs/a.md', bytes('a\n')],
    ],
  ]);
  t.deepEqual(decision.stats, { files: 2, insertions: 7, deletions: 0 });
  t.deepEqual(decision.tests, { passed: 4, failed: 0, skipped: 1 });
  t.is(decision.digest, pullRequestDigest(units.map(({ work }) => work?.patchDigest ?? '')));
  t.is(decision.commit, 'c'.repeat(40));
  t.is(decision.record, 'r'.repeat(64));
  t.is(proposed.length, 1);
  t.deepEqual(decision.units[0]?.reviews, [
    { reviewer: 'reviewA', runtime: 'a', verdict: 'approve' },
    { reviewer: 'reviewB', runtime: 'b', verdict: 'approve' },
  ]);
});

test('files left out are told with what was done, or with nothing to do', async (t) => {
  const left = [{ path: 'docs/a.mdx', reason: 'has the ending .mdx' }];
  const done = await decide([unitOf('docs/a.md')], undefined, undefined, left);
  t.is(
    done.decision.reason,
    'approved by both reviewers; 1 file left out: docs/a.mdx has the ending .mdx',
  );
  const none = await decide([unitOf('docs/a.md', { unchanged: true })], undefined, undefined, left);
  t.regex(none.decision.reason, /already as asked; 1 file left out/);
});

test('the order of the units changes nothing of what is opened', async (t) => {
  const units = [unitOf('docs/a.md', { text: 'a\n' }), unitOf('docs/b.md', { text: 'b\n' })];
  const [one, other] = [await decide(units), await decide([...units].reverse())];
  t.is(one.decision.digest, other.decision.digest);
});

test('what is red stays out and is listed with its reason', async (t) => {
  const ended = { node: 'work', code: 'agent.declined', reason: 'it is binary' } as const;
  const { decision, retests } = await decide([
    unitOf('docs/a.md'),
    unitOf('docs/b.md', { verdicts: ['approve', 'reject'] }),
    unitOf('docs/c.md', { more: { ended, work: undefined, test: undefined, reviews: [] } }),
    unitOf('docs/d.md', { unchanged: true }),
  ]);
  t.is(decision.outcome, 'pull-request');
  t.is(
    decision.reason,
    '1 of 4 units approved; gate: rejected by reviewB: docs/b.md is not it (docs/b.md); 2 of 4 units are red',
  );
  t.deepEqual(
    retests[0]?.map(([path]) => path),
    ['docs/a.md'],
  );
  t.deepEqual(summary(decision), [
    'approved',
    'red gate gate.rejected rejected by reviewB: docs/b.md is not it',
    'red work agent.declined it is binary',
    'unchanged gate.unchanged',
  ]);
  // Only what is approved carries a patch on.
  t.deepEqual(
    decision.units.map(({ changes, patchDigest }) => [
      changes !== undefined,
      patchDigest !== undefined,
    ]),
    [
      [true, true],
      [false, false],
      [false, false],
      [false, false],
    ],
  );
});

test('only red units: a red bin, and nothing is tested again', async (t) => {
  const end = await decide([
    unitOf('docs/a.md', { verdicts: ['reject', 'reject'] }),
    unitOf('docs/b.md', { unchanged: true }),
  ]);
  t.is(end.decision.outcome, 'red-bin');
  t.regex(end.decision.reason, /^gate: rejected by reviewA: .* \| reviewB: .* \(docs\/a\.md\)$/);
  t.deepEqual(end.retests, []);
  nothingOpened(t, end);
});

test('nothing changed and nobody objects: nothing', async (t) => {
  const end = await decide([unitOf('docs/a.md', { unchanged: true })]);
  t.is(end.decision.outcome, 'nothing');
  t.is(end.decision.reason, 'everything is already as asked');
  nothingOpened(t, end);
});

type Row = readonly [
  units: readonly UnitEvidence[],
  code: string,
  reason: RegExp,
  retested?: readonly Output[] | undefined,
  judged?: SpecTerms,
];

const refusals: Readonly<Record<string, Row>> = {
  'what is red together': [
    [unitOf('docs/a.md'), unitOf('docs/b.md')],
    'gate.joined-tests',
    /^the joined tree fails its tests: 1 test is red$/,
    [tests('ok', [1, 0, 0]), tests('fail', [3, 1, 0])],
  ],
  'too many lines together': [
    [unitOf('docs/a.md', { lines: 60 }), unitOf('docs/b.md', { lines: 60 })],
    'gate.limits',
    /^the patch changes 120 lines; the limit is 100$/,
  ],
  'one reviewer twice': [
    [unitOf('docs/a.md')],
    'gate.independence',
    /^the same$/,
    undefined,
    { ...terms, independence: { independent: false, reason: 'the same' } },
  ],
};

for (const [what, [units, code, reason, retested, judged]] of Object.entries(refusals)) {
  test(`refuses ${what}`, async (t) => {
    const end = await decide(units, retested, judged);
    t.is(end.decision.outcome, 'red-bin');
    t.regex(end.decision.reason.replace(/^gate: /, ''), reason);
    t.true(end.decision.units.every((unit) => unit.state === 'red' && unit.code === code));
    t.true(end.decision.units.every(({ changes, patchDigest }) => !changes && !patchDigest));
    nothingOpened(t, end);
  });
}

test('a removed file is joined as removed', async (t) => {
  const unit = unitOf('docs/a.md');
  const [change] = unit.work?.changes ?? [];
  const changes = [
    { ...change, path: 'docs/a.md', mode: '000000', baseOid: '1'.repeat(40), oid: '0'.repeat(40) },
  ];
  const digest = patchDigest(changes);
  const { decision, retests } = await decide([
    {
      ...unit,
      work: { ...(unit.work as Output), changes, patchDigest: digest },
      reviews: unit.reviews.map((review) => ({ ...review, patchDigest: digest })),
      written: new Map([['docs/a.md', undefined]]),
      patched: new Map(),
    },
  ]);
  t.is(decision.outcome, 'pull-request');
  t.deepEqual(retests, [[['docs/a.md', undefined]]]);
});

test('counts that are no counts add nothing', async (t) => {
  const { decision } = await decide(
    [unitOf('docs/a.md')],
    [
      tests('ok', [2, 0, 1]),
      { ...tests('ok', [0, 0, 0]), result: { passed: -3, failed: 1.5, skipped: 'many' } },
      { ...tests('ok', [0, 0, 0]), result: null },
      tests('ok', [1, 0, 0]),
    ],
  );
  t.deepEqual(decision.tests, { passed: 3, failed: 0, skipped: 1 });
});
