// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import {
  ignoredAfterDays,
  type Resolution,
  type ResolutionFacts,
  resolutionOf,
} from '../../src/forge/resolution.ts';
import { acceptanceOf } from '../../src/morning/metrics/acceptance.ts';
import { each } from '../each.ts';

const now = new Date('2026-11-30T02:00:00Z');
const daysAgo = (days: number): string =>
  new Date(now.getTime() - days * 86_400_000).toISOString().replace('.000Z', 'Z');

const resolves = test.macro((t, facts: ResolutionFacts, expected: Resolution) => {
  t.is(resolutionOf(facts, now), expected);
});

const untouched: ResolutionFacts = {
  state: 'merged',
  ...{ isNightsAlone: true, changesAsked: false, isAsPatched: true },
};
const old = { state: 'open', openedAt: daysAgo(ignoredAfterDays + 1), lastByPerson: null } as const;

each(resolves, {
  'facts: merged with all evidence': [untouched, 'zero-touch'],
  'facts: merged, and accepted by a person': [{ ...untouched, decision: 'accept' }, 'zero-touch'],
  'facts: merged with a commit on top': [{ ...untouched, isNightsAlone: false }, 'accepted'],
  'facts: merged, changes were asked for': [{ ...untouched, changesAsked: true }, 'accepted'],
  'facts: merged otherwise than patched': [{ ...untouched, isAsPatched: false }, 'accepted'],
  'facts: merged, nobody read the branch': [{ ...untouched, isNightsAlone: undefined }, 'accepted'],
  'facts: merged, nobody read the reviews': [{ ...untouched, changesAsked: undefined }, 'accepted'],
  'facts: merged, nobody read the files': [{ ...untouched, isAsPatched: undefined }, 'accepted'],
  'facts: merged, and taken back': [{ ...untouched, decision: 'reject' }, 'rejected'],
  'facts: accepted and not merged': [
    { ...untouched, state: 'accepted', decision: 'accept' },
    'accepted',
  ],
  'facts: rejected': [{ state: 'closed', decision: 'reject' }, 'rejected'],
  'facts: closed by a bot': [{ state: 'closed', closedByBot: true }, 'ignored'],
  'facts: closed without a word': [{ state: 'closed' }, 'unknown'],
  'facts: open since yesterday': [{ ...old, openedAt: daysAgo(1) }, 'pending'],
  'facts: open on the last day': [{ ...old, openedAt: daysAgo(ignoredAfterDays) }, 'pending'],
  'facts: open for long, and nobody came': [old, 'ignored'],
  'facts: open for long, and somebody came': [{ ...old, lastByPerson: daysAgo(3) }, 'pending'],
  'facts: open for long, and somebody came long ago': [
    { ...old, lastByPerson: daysAgo(15) },
    'ignored',
  ],
  'facts: open for long, and nobody asked who came': [
    { ...old, lastByPerson: undefined },
    'pending',
  ],
  'facts: open, and the forge is out of reach': [{ ...old, isStale: true }, 'unknown'],
  'facts: merged, and the forge is out of reach': [{ ...untouched, isStale: true }, 'zero-touch'],
});

test('pending, ignored and unknown ones count as neither accepted nor tried', (t) => {
  const decided = ['zero-touch', 'accepted', 'accepted', 'rejected'] as const;
  const { counts, accepted, tried, share } = acceptanceOf([
    ...decided,
    ...(['pending', 'ignored', 'unknown', 'unknown'] as const),
  ]);
  t.deepEqual([accepted, tried, share?.value], [3, 4, 0.75]);
  t.deepEqual(share, acceptanceOf(decided).share);
  t.like(counts, { 'zero-touch': 1, pending: 1, ignored: 1, unknown: 2 });
  t.is(acceptanceOf(['pending', 'unknown', 'ignored']).share, null);
});
