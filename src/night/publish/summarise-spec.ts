// SPDX-License-Identifier: GPL-3.0-only
import { failureLine, transientCodes } from '../../agent/schema.ts';
import type { SpecSummary, UnitSummary } from '../../morning/summary.ts';
import type { Decision } from '../../review/gate/gate-agent.ts';
import { artifactCode } from '../gate/evidence.ts';
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
export const summariseSkipped = (decided: DecidedSpec, reason: string): EndedSpec => ({
  decided,
  summary: blank(decided, 'skipped', reason, 'journal.jsonl'),
  transient: false,
});

/** A spec that went through its flow. */
export const summariseEnd = (
  decided: DecidedSpec,
  { plan, gate }: SpecEnd,
  published: Published,
): EndedSpec => {
  const { id } = decided.spec;
  const trace = `${id}/_spec`;
  const failed = [plan, gate].find(({ status }) => status === 'failed');
  if (failed?.status === 'failed') {
    const { code } = failed.failure;
    const node = code === 'engine' ? 'engine' : failed === plan ? 'plan' : 'gate';
    const summary = blank(decided, 'red-bin', `${node}: ${failureLine(failed.failure)}`, trace);
    return { decided, summary, transient: transientCodes.has(code) };
  }
  if (gate.status !== 'ok') {
    const reason = gate.status === 'skipped' ? gate.reason : 'the gate did not run';
    return { decided, summary: blank(decided, 'red-bin', reason, trace), transient: true };
  }
  const decision = decisionOf(gate);
  const transient = decision.units.some(({ code = '' }) => isTransient(code));
  const details = decision.units.map(describeUnit);
  const count = (state: UnitSummary['state']) =>
    details.filter((unit) => unit.state === state).length;
  const units = { approved: count('approved'), red: count('red'), skipped: count('skipped') };
  const [outcome, reason] = outcomeOf(decision, published);
  const left = [
    ...(plan.status === 'ok' ? leftBy(plan) : []),
    ...decision.units.flatMap((unit) => unit.left ?? []),
  ];
  const opened = published.state === 'opened' ? published : undefined;
  return {
    decided,
    transient: transient || published.state === 'refused',
    summary: {
      ...blank(
        decided,
        outcome,
        reason,
        opened ? `${id}/pull-request/pr.md` : redTrace(id, details),
      ),
      branch: opened?.pullRequest.branch ?? null,
      commit: opened?.pullRequest.commit ?? null,
      ...(opened?.url !== undefined && { url: opened.url }),
      ...(opened?.waiting !== undefined && { waiting: opened.waiting }),
      units,
      unitDetails: details,
      ...(left.length > 0 && { left }),
    },
  };
};

/** Of the gate's own codes these pass with time, as the loop's transient codes do. */
const isTransient = (code: string): boolean =>
  code === 'kappa' ||
  code === 'unexamined' ||
  code === artifactCode ||
  (transientCodes as ReadonlySet<string>).has(code);

const outcomeOf = (decision: Decision, published: Published): [SpecSummary['outcome'], string] => {
  if (published.state === 'refused') return ['red-bin', `publish: ${published.reason}`];
  if (decision.outcome === 'nothing') return ['skipped', decision.reason];
  return [decision.outcome, decision.reason];
};

const describeUnit = (unit: Decision['units'][number]): UnitSummary => ({
  id: unit.id,
  state: unit.state === 'unchanged' ? 'skipped' : unit.state,
  paths: unit.paths,
  ...(unit.node !== undefined && { node: unit.node }),
  ...(unit.code !== undefined && { code: unit.code }),
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
  reason: string,
  trace: string,
): SpecSummary => ({
  id: spec.id,
  title: spec.title,
  flow,
  outcome,
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
  reason: ended.summary.reason,
  transient: ended.transient,
});
