// SPDX-License-Identifier: GPL-3.0-only
import { type Failure, failureLine } from '../../agent/schema.ts';
import { findingOfFailure } from '../../data/findings/failures.ts';
import { type CodedReason, isTransient } from '../../data/findings/table.ts';
import type { SpecSummary, UnitSummary } from '../../morning/summary.ts';
import type { Decision } from '../../review/gate/gate-agent.ts';
import type { DecidedSpec } from '../record/night-schemas.ts';
import type { SpecOutcome } from '../record/outcomes.ts';
import { leftBy } from '../run/run-plan.ts';
import type { SpecEnd } from '../spec/run-spec.ts';
import { decisionOf, type Published } from './publish-spec.ts';

/** How a spec ended, once its pull request is open or it is clear that there is none. */
export type EndedSpec = {
  readonly decided: DecidedSpec;
  readonly summary: SpecSummary;
  readonly transient: boolean;
};

/** A spec that was not worked tonight. */
export const summariseSkipped = (decided: DecidedSpec, why: Reason): EndedSpec => ({
  decided,
  summary: blank(decided, 'skipped', why, 'journal.jsonl'),
  transient: false,
});

/** A spec that went through its flow. */
export const summariseEnd = (
  decided: DecidedSpec,
  { plan, gate }: SpecEnd,
  published: Published,
): EndedSpec => {
  const { id } = decided.spec;
  if (plan.status === 'failed') return failedAt('plan', decided, plan.failure);
  if (gate.status === 'failed') return failedAt('gate', decided, gate.failure);
  if (gate.status === 'skipped') {
    return { decided, summary: blank(decided, 'red-bin', gate, `${id}/_spec`), transient: true };
  }
  const decision = decisionOf(gate);
  const transient = decision.units.some(({ code = '' }) => isTransient(code));
  const details = decision.units.map(describeUnit);
  const count = (state: UnitSummary['state']) =>
    details.filter((unit) => unit.state === state).length;
  const units = { approved: count('approved'), red: count('red'), skipped: count('skipped') };
  const [outcome, why] = outcomeOf(decision, published);
  const left = [
    ...(plan.status === 'ok' ? leftBy(plan) : []),
    ...decision.units.flatMap((unit) => unit.left ?? []),
  ];
  const opened = published.state === 'opened' ? published : undefined;
  return {
    decided,
    transient: transient || published.state === 'refused',
    summary: {
      ...blank(decided, outcome, why, opened ? `${id}/pull-request/pr.md` : redTrace(id, details)),
      branch: opened?.pullRequest.branch ?? null,
      commit: opened?.pullRequest.commit ?? null,
      ...(opened?.url !== undefined && { url: opened.url }),
      ...(opened?.waiting !== undefined && { waiting: opened.waiting }),
      ...(decision.outcome === 'pull-request' && { patch: decision.stats, tests: decision.tests }),
      units,
      unitDetails: details,
      ...(left.length > 0 && { left }),
    },
  };
};

const failedAt = (node: 'plan' | 'gate', decided: DecidedSpec, failure: Failure): EndedSpec => {
  const code = findingOfFailure(failure);
  const place = failure.code === 'engine' ? 'engine' : node;
  const why = { code, reason: `${place}: ${failureLine(failure)}` };
  const summary = blank(decided, 'red-bin', why, `${decided.spec.id}/_spec`);
  return { decided, summary, transient: isTransient(code) };
};

/** A reason; one of an older version may have no code. */
type Reason = { readonly reason: string; readonly code?: CodedReason['code'] | undefined };

const outcomeOf = (
  decision: Decision,
  published: Published,
): readonly [SpecSummary['outcome'], Reason] => {
  if (published.state === 'refused') {
    return ['red-bin', { code: published.code, reason: `publish: ${published.reason}` }];
  }
  const { outcome, code, reason } = decision;
  if (outcome === 'nothing') return ['skipped', { code, reason }];
  const isWaiting = published.state === 'opened' && published.waiting !== undefined;
  return [outcome, { code: isWaiting ? 'publish.waiting' : code, reason }];
};

const describeUnit = (unit: Decision['units'][number]): UnitSummary => ({
  id: unit.id,
  state: unit.state === 'unchanged' ? 'skipped' : unit.state,
  paths: unit.paths,
  ...(unit.node !== undefined && { node: unit.node }),
  ...(unit.code !== undefined && { code: unit.code }),
  ...(unit.reviews && {
    reviews: unit.reviews.map(({ reviewer, verdict }) => ({ reviewer, verdict })),
  }),
  ...(unit.state === 'unchanged'
    ? { reason: 'already as asked' }
    : unit.reason !== undefined && { reason: unit.reason }),
});

const redTrace = (spec: string, details: readonly UnitSummary[]): string => {
  const red = details.find(({ state }) => state === 'red');
  if (!red) return `${spec}/_spec`;
  return red.node === undefined || red.node === 'gate'
    ? `${spec}/${red.id}`
    : `${spec}/${red.id}/${red.node}`;
};

const blank = (
  { spec, flow }: DecidedSpec,
  outcome: SpecSummary['outcome'],
  { code, reason }: Reason,
  trace: string,
): SpecSummary => ({
  id: spec.id,
  title: spec.title,
  flow,
  outcome,
  ...(code && { code }),
  reason,
  branch: null,
  commit: null,
  units: { approved: 0, red: 0, skipped: 0 },
  unitDetails: [],
  trace,
});

/** The line this spec leaves in the state folder; a spec that was skipped leaves none. */
export const outcomeRecord = (night: string, ended: EndedSpec): SpecOutcome => ({
  night,
  spec: ended.decided.spec.id,
  digest: ended.decided.digest,
  fingerprint: ended.decided.fingerprint,
  outcome: ended.summary.outcome,
  ...(ended.summary.code && { code: ended.summary.code }),
  reason: ended.summary.reason,
  transient: ended.transient,
});
