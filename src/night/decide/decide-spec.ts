// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../../data/count-noun.ts';
import type { FindingCode } from '../../data/findings/table.ts';
import { lastTick, type Tick, tickers } from '../../forge/dashboard/ticks.ts';
import { branchOf, type ListedPullRequest } from '../../forge/forge.ts';
import { type Spec, specDigest } from '../../spec/schema.ts';
import type { DecidedSpec } from '../record/night-schemas.ts';
import type { SpecOutcome } from '../record/outcomes.ts';

/** What is known of a spec's past when a night collects. */
export type Past = {
  readonly pulls: readonly ListedPullRequest[];
  readonly outcomes: readonly SpecOutcome[];
  /** What people ticked on the dashboard issue, oldest first. */
  readonly ticks?: readonly Tick[] | undefined;
};

/**
 * Whether a spec is worked tonight, and as what. Its identity is (id, digest): one that has a pull
 * request is not run again until the spec changes, one that ended red not until something it depends
 * on did; `retry` asks for it anyway, on a branch of its own.
 */
export const decideSpec = (
  spec: Spec,
  facts: { readonly flow: string; readonly fingerprint: string; readonly retry: boolean },
  past: Past,
): DecidedSpec => {
  const digest = specDigest(spec);
  const pulls = past.pulls.filter(({ pullRequest }) => pullRequest.spec === spec.id);
  const samePulls = pulls.filter(({ pullRequest }) => pullRequest.specDigest === digest);
  const tick = lastTick(past.ticks ?? [], spec.id, digest);
  const ticked =
    tick?.action === 'retry' && tick.after === lastNight(past.outcomes, spec.id, digest);
  const decision =
    facts.retry || ticked ? again : judge(spec, digest, facts.fingerprint, samePulls, past, tick);
  const supersedes = pulls
    .filter(({ state, pullRequest }) => state === 'open' && pullRequest.specDigest !== digest)
    .map(({ pullRequest }) => pullRequest.branch);
  return {
    spec,
    digest,
    flow: facts.flow,
    fingerprint: facts.fingerprint,
    branch: branchOf(spec.id, digest, samePulls.length + 1),
    ...('skip' in decision && decision),
    ...('only' in decision && { only: [...decision.only] }),
    ...(supersedes.length > 0 && { supersedes }),
    ...(tick && ticked && { tickedBy: tickers(tick) }),
  };
};

/** The last night that worked just this text of a spec. */
export const lastNight = (
  outcomes: readonly SpecOutcome[],
  spec: string,
  digest: string,
): string | null =>
  outcomes.findLast((outcome) => outcome.spec === spec && outcome.digest === digest)?.night ?? null;

type SpecDecision =
  | Pick<Required<DecidedSpec>, 'skip' | 'skipCode'>
  | { readonly only: readonly string[] }
  | typeof again;

const again = { run: true } as const;

const skip = (skipCode: FindingCode, reason: string): SpecDecision => ({ skip: reason, skipCode });

const judge = (
  spec: Spec,
  digest: string,
  fingerprint: string,
  same: readonly ListedPullRequest[],
  past: Past,
  tick: Tick | undefined,
): SpecDecision => {
  if (tick?.action === 'give-up' && same.every(({ state }) => state === 'closed')) {
    return skip(
      'queue.given-up',
      `${tickers(tick)} gave it up; change the spec, or use --retry ${spec.id}`,
    );
  }
  const waiting = spec.dependsOn.find((id) => !isMerged(id, past));
  if (waiting !== undefined) {
    return skip('queue.depends', `waits for "${waiting}", whose pull request is not merged`);
  }
  const last = past.outcomes.findLast(
    (outcome) => outcome.spec === spec.id && outcome.digest === digest,
  );
  const open = same.find(({ state }) => state === 'open');
  if (open) return waitsFor(spec, open, 'queue.open', 'is open');
  const accepted = same.find(({ state }) => state === 'accepted');
  if (accepted) {
    return waitsFor(spec, accepted, 'queue.accepted', 'is accepted and not merged');
  }
  const newest = same.at(-1);
  if (newest?.state === 'closed') {
    const { branch } = newest.pullRequest;
    const reason = `its pull request ${branch} was closed${whyAt(newest)}; change the spec, or use --retry ${spec.id}`;
    return skip('queue.closed', reason);
  }
  const unchanged = last?.fingerprint === fingerprint && !last.transient;
  if (newest?.state === 'merged') {
    const left = newest.pullRequest.units.red;
    if (left.length === 0)
      return skip('queue.merged', `done: ${newest.pullRequest.branch} is merged`);
    if (unchanged && last.night !== newest.pullRequest.night) return leftRed(last);
    return { only: left };
  }
  return unchanged ? leftRed(last) : again;
};

const waitsFor = (
  { id }: Spec,
  { pullRequest: { branch }, conflicts: [first, ...more] = [] }: ListedPullRequest,
  code: 'queue.open' | 'queue.accepted',
  state: string,
): SpecDecision => {
  if (first === undefined) return skip(code, `its pull request ${branch} ${state}`);
  const where = more.length === 0 ? first : `${first} and ${countNoun(more.length, 'other path')}`;
  const reason = `its pull request ${branch} ${state} and no longer merges: it conflicts in ${where}; merge it by hand, or have it made again with --retry ${id}`;
  return skip('queue.conflict', reason);
};

const whyAt = ({ url }: ListedPullRequest): string =>
  url === undefined ? '' : ` (read why at ${url})`;

const leftRed = ({ night, outcome, reason }: SpecOutcome): SpecDecision =>
  outcome === 'red-bin'
    ? skip(
        'queue.red-before',
        `ended red in night ${night} and nothing has changed since: ${reason}`,
      )
    : skip('queue.ended-before', reason);

const isMerged = (id: string, { pulls }: Past): boolean => {
  const specPulls = pulls.filter(({ pullRequest }) => pullRequest.spec === id);
  return specPulls.length > 0 && specPulls.at(-1)?.state === 'merged';
};
