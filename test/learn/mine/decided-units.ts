// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { PullRequestDecision } from '../../../src/forge/decisions.ts';
import type { PullRequestState } from '../../../src/forge/forge.ts';
import { decidedUnits } from '../../../src/learn/mine/decided-units.ts';
import { each } from '../../each.ts';

const pull = {
  ...{ spec: 'tidy', specDigest: 'd', night: '2026-11-21', title: 'Tidy', body: '' },
  ...{ branch: 'pantheon/tidy-1', base: 'b', commit: 'c', digest: 'p', supersedes: [] },
  units: { approved: ['u'], red: ['red'] },
};

const decide = (decision: 'accept' | 'reject'): PullRequestDecision => ({
  ...{ at: '2026-11-21T08:00:00Z', branch: pull.branch, spec: pull.spec, specDigest: 'd' },
  ...{ night: pull.night, commit: pull.commit, digest: pull.digest, decision },
});

const decided = test.macro(
  (
    t,
    state: PullRequestState,
    decisions: readonly PullRequestDecision[],
    expected: 'accepted' | 'rejected' | undefined,
  ) => {
    const units = decidedUnits([{ pullRequest: pull, state }], decisions);
    t.deepEqual([...units], expected ? [['2026-11-21/tidy/u', expected]] : []);
  },
);

each(decided, {
  'merged, whoever did it': ['merged', [], 'accepted'],
  'accepted and not merged yet': ['accepted', [decide('accept')], 'accepted'],
  rejected: ['closed', [decide('reject')], 'rejected'],
  'the last decision counts': ['closed', [decide('accept'), decide('reject')], 'rejected'],
  'closed, and nobody said why': ['closed', [], undefined],
  open: ['open', [], undefined],
  'a decision about another commit': [
    'open',
    [{ ...decide('reject'), commit: 'other' }],
    undefined,
  ],
});
