// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { FindingCode } from '../../../src/data/findings/table.ts';
import type { Tick } from '../../../src/forge/dashboard/ticks.ts';
import { branchOf, type ListedPullRequest } from '../../../src/forge/forge.ts';
import { decideSpec, type Past } from '../../../src/night/decide/decide-spec.ts';
import type { SpecOutcome } from '../../../src/night/record/outcomes.ts';
import { normaliseSpec, type Spec, type SpecFile, specDigest } from '../../../src/spec/schema.ts';

const specOf = (more: Partial<SpecFile> = {}): Spec =>
  normaliseSpec(
    { title: 'Tidy', scope: 'notes/', acceptance: ['All tests pass'], ...more },
    'tidy',
  );

const spec = specOf();
const digest = specDigest(spec);
const older = specDigest(specOf({ title: 'Tidy once' }));

const pull = (
  state: ListedPullRequest['state'],
  more: Partial<ListedPullRequest['pullRequest']> = {},
): ListedPullRequest => {
  const specDigest = more.specDigest ?? digest;
  const pullRequest = {
    spec: 'tidy',
    specDigest,
    night: '2026-11-01',
    title: 'Tidy',
    branch: branchOf('tidy', specDigest),
    base: 'b'.repeat(40),
    commit: 'c'.repeat(40),
    digest: 'd'.repeat(64),
    units: { approved: ['one'], red: [] },
    supersedes: [],
    body: '',
    ...more,
  };
  return { pullRequest, state };
};

const ended = (more: Partial<SpecOutcome> = {}): SpecOutcome => ({
  night: '2026-11-01',
  spec: 'tidy',
  digest,
  fingerprint: 'print',
  outcome: 'red-bin',
  reason: 'test: red',
  transient: false,
  ...more,
});

const ticked = (more: Partial<Tick> = {}): Pick<Past, 'ticks'> => ({
  ticks: [
    {
      ...{ at: '2026-11-02T08:00:00Z', action: 'retry', spec: 'tidy', digest, by: ['ada'] },
      ...{ after: '2026-11-01', ...more },
    },
  ],
});

const leftRed = { units: { approved: ['one'], red: ['two', 'three'] } };
const partly = ended({ outcome: 'pull-request' });

type Row = {
  readonly spec?: Spec;
  readonly retry?: boolean;
  readonly past?: Partial<Past>;
  /** `run`, the units to run, or what the reason for skipping says. */
  readonly expected: 'run' | readonly string[] | RegExp;
  /** Why it is skipped. */
  readonly code?: FindingCode;
  readonly branch?: RegExp;
  readonly supersedes?: readonly string[];
};

const rows: Readonly<Record<string, Row>> = {
  'a tick of "Try again" runs what ended red': {
    past: { outcomes: [ended()], ...ticked() },
    expected: 'run',
  },
  'once, for the next night ends what it asked for': {
    past: { outcomes: [ended(), ended({ night: '2026-11-02' })], ...ticked() },
    expected: /ended red in night 2026-11-02/,
    code: 'queue.red-before',
  },
  'a tick says nothing of another text': {
    past: { outcomes: [ended()], ...ticked({ digest: older }) },
    expected: /ended red in night 2026-11-01/,
    code: 'queue.red-before',
  },
  'what was given up is not worked': {
    past: { ...ticked({ action: 'give-up' }) },
    expected: /^ada gave it up; change the spec, or use --retry tidy$/,
    code: 'queue.given-up',
  },
  'unless --retry asks for it': {
    retry: true,
    past: { ...ticked({ action: 'give-up' }) },
    expected: 'run',
  },
  'what was given up and is merged is done': {
    past: { pulls: [pull('merged')], ...ticked({ action: 'give-up' }) },
    expected: /^done: /,
    code: 'queue.merged',
  },
  'a new spec runs': { expected: 'run', branch: /^pantheon\/tidy-[0-9a-f]{8}$/ },
  'an open pull request waits for a person': {
    past: { pulls: [pull('open')] },
    expected: /its pull request pantheon\/tidy-[0-9a-f]{8} is open/,
    code: 'queue.open',
  },
  'one that no longer merges says so, and what to do': {
    past: { pulls: [{ ...pull('open'), conflicts: ['notes/a.md', 'notes/b.md'] }] },
    expected:
      /is open and no longer merges: it conflicts in notes\/a\.md and 1 other path; merge it by hand, or have it made again with --retry tidy$/,
    code: 'queue.conflict',
  },
  'an accepted one says so too': {
    past: { pulls: [{ ...pull('accepted'), conflicts: ['notes/a.md'] }] },
    expected:
      /is accepted and not merged and no longer merges: it conflicts in notes\/a\.md; merge/,
    code: 'queue.conflict',
  },
  'a closed one stays closed, and the reason says what to do': {
    past: { pulls: [pull('closed')] },
    expected: /was closed; change the spec, or use --retry tidy/,
    code: 'queue.closed',
  },
  'a merged one is done': {
    past: { pulls: [pull('merged')] },
    expected: /^done: .* is merged/,
    code: 'queue.merged',
  },
  'a merged one that left units red runs those': {
    past: { pulls: [pull('merged', leftRed)], outcomes: [partly] },
    expected: ['two', 'three'],
    branch: /-r2$/,
  },
  'units left red that stayed red in a later night wait for a change': {
    past: { pulls: [pull('merged', leftRed)], outcomes: [partly, ended({ night: '2026-11-02' })] },
    expected: /ended red in night 2026-11-02 and nothing has changed since: test: red/,
    code: 'queue.red-before',
  },
  'and run when something changed': {
    past: {
      pulls: [pull('merged', leftRed)],
      outcomes: [partly, ended({ night: '2026-11-02', fingerprint: 'other' })],
    },
    expected: ['two', 'three'],
  },
  'and run when the cause may have passed': {
    past: {
      pulls: [pull('merged', leftRed)],
      outcomes: [partly, ended({ night: '2026-11-02', transient: true })],
    },
    expected: ['two', 'three'],
  },
  'the further pull request counts when it is merged too': {
    past: {
      pulls: [pull('merged', leftRed), pull('merged', { branch: 'x-r2', night: '2026-11-02' })],
    },
    expected: /^done: x-r2 is merged/,
    code: 'queue.merged',
  },
  'and holds its spec back while it is open': {
    past: {
      pulls: [pull('merged', leftRed), pull('open', { branch: 'x-r2', night: '2026-11-02' })],
    },
    expected: /x-r2 is open/,
    code: 'queue.open',
  },
  'a red bin with nothing changed is not run again': {
    past: { outcomes: [ended()] },
    expected: /ended red in night 2026-11-01 and nothing has changed since: test: red/,
    code: 'queue.red-before',
  },
  'a red bin runs when what it depends on changed': {
    past: { outcomes: [ended({ fingerprint: 'other' })] },
    expected: 'run',
  },
  'a red bin of a transient cause runs every night': {
    past: { outcomes: [ended({ transient: true })] },
    expected: 'run',
  },
  'only the last outcome counts': {
    past: { outcomes: [ended({ transient: true }), ended({ night: '2026-11-02' })] },
    expected: /2026-11-02/,
    code: 'queue.red-before',
  },
  'an outcome of an older text says nothing': {
    past: { outcomes: [ended({ digest: older })] },
    expected: 'run',
  },
  'an outcome of another spec says nothing': {
    past: { outcomes: [ended({ spec: 'other' })] },
    expected: 'run',
  },
  'nothing to do and nothing changed is told as it was': {
    past: { outcomes: [ended({ outcome: 'skipped', reason: 'everything is already as asked' })] },
    expected: /^everything is already as asked$/,
    code: 'queue.ended-before',
  },
  'a changed spec runs beside an open pull request of the older text and names it': {
    past: { pulls: [pull('open', { specDigest: older })] },
    expected: 'run',
    branch: /^pantheon\/tidy-[0-9a-f]{8}$/,
    supersedes: [branchOf('tidy', older)],
  },
  'a changed spec does not supersede what is closed or merged': {
    past: {
      pulls: [
        pull('closed', { specDigest: older }),
        pull('merged', { specDigest: 'f'.repeat(64) }),
      ],
    },
    expected: 'run',
  },
  'another spec’s pull requests are none of ours': {
    past: { pulls: [pull('open', { spec: 'other' })] },
    expected: 'run',
    branch: /^pantheon\/tidy-[0-9a-f]{8}$/,
  },
  '--retry runs what is open, on a further branch': {
    retry: true,
    past: { pulls: [pull('open')] },
    expected: 'run',
    branch: /-r2$/,
  },
  '--retry runs what is closed, on a further branch': {
    retry: true,
    past: { pulls: [pull('closed'), pull('closed', { branch: 'x-r2' })] },
    expected: 'run',
    branch: /-r3$/,
  },
  '--retry runs what ended red': { retry: true, past: { outcomes: [ended()] }, expected: 'run' },
  'a spec waits for the one it depends on': {
    spec: specOf({ dependsOn: ['first'] }),
    expected: /waits for "first", whose pull request is not merged/,
    code: 'queue.depends',
  },
  'also while that one is open': {
    spec: specOf({ dependsOn: ['first'] }),
    past: { pulls: [pull('open', { spec: 'first' })] },
    expected: /waits for "first"/,
    code: 'queue.depends',
  },
  'for every one of them': {
    spec: specOf({ dependsOn: ['first', 'second'] }),
    past: { pulls: [pull('merged', { spec: 'first' })] },
    expected: /waits for "second"/,
    code: 'queue.depends',
  },
  'for the newest pull request of it': {
    spec: specOf({ dependsOn: ['first'] }),
    past: {
      pulls: [
        pull('merged', { spec: 'first', specDigest: older }),
        pull('open', { spec: 'first', night: '2026-11-02' }),
      ],
    },
    expected: /waits for "first"/,
    code: 'queue.depends',
  },
  'and runs once it is merged': {
    spec: specOf({ dependsOn: ['first'] }),
    past: { pulls: [pull('merged', { spec: 'first' })] },
    expected: 'run',
  },
};

for (const [title, row] of Object.entries(rows)) {
  test(title, (t) => {
    const decided = decideSpec(
      row.spec ?? spec,
      { flow: 'spec2code', fingerprint: 'print', retry: row.retry ?? false },
      { pulls: [], outcomes: [], ...row.past },
    );
    const { expected } = row;
    t.is(decided.skipCode, row.code);
    if (expected instanceof RegExp) t.regex(decided.skip ?? 'it runs', expected);
    else {
      t.is(decided.skip, undefined);
      t.deepEqual(decided.only, expected === 'run' ? undefined : [...expected]);
    }
    if (row.branch) t.regex(decided.branch, row.branch);
    t.deepEqual(decided.supersedes ?? [], row.supersedes ?? []);
  });
}
