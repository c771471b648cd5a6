// SPDX-License-Identifier: GPL-3.0-only
import type PQueue from 'p-queue';
import type { Forge } from '../../forge/forge.ts';
import type { Pair } from '../../review/schema.ts';
import { type HiddenVerdicts, hiddenPairs } from '../exam/hidden-verdicts.ts';
import type { DecidedSpec } from '../record/night-schemas.ts';
import type { Session } from '../run/session.ts';
import type { SpecEnd } from '../spec/run-spec.ts';
import { livePairs } from './live-pairs.ts';
import { decisionOf, publishSpec } from './publish-spec.ts';
import { type EndedSpec, summariseEnd, summariseSkipped } from './summarise-spec.ts';
import { tellIssue } from './tell-issue.ts';

/** A spec's end and its reviewers' joint judgements. */
export type SettledSpec = {
  readonly ended: EndedSpec;
  readonly pairs: readonly Pair[];
  /** What they said of an exam's patches among its units. */
  readonly hidden: readonly HiddenVerdicts[];
};

/** What is needed of a session once a spec has gone through its flow. */
export type SettleContext = Parameters<typeof publishSpec>[0] & Pick<Session, 'ended' | 'watch'>;

/** A spec that was not worked tonight. */
export const settleSkipped = (
  context: SettleContext,
  decided: DecidedSpec,
  reason: string,
): SettledSpec => record(context, summariseSkipped(decided, { code: decided.skipCode, reason }));

/** Publishes what the gate decided, one spec at a time, and records how the spec ended. */
export const settleSpec = async (
  context: SettleContext,
  forge: Forge,
  decided: DecidedSpec,
  end: SpecEnd,
  publishing: PQueue,
): Promise<SettledSpec> => {
  const settled = await settle(context, forge, decided, end, publishing);
  await publishing.add(() => tellIssue(forge, context.night.id, settled.ended));
  return settled;
};

const settle = async (
  context: SettleContext,
  forge: Forge,
  decided: DecidedSpec,
  end: SpecEnd,
  publishing: PQueue,
): Promise<SettledSpec> => {
  const { gate } = end;
  if (gate.status !== 'ok') {
    return record(context, summariseEnd(decided, end, { state: 'nothing' }), end);
  }
  const decision = decisionOf(gate);
  const { id } = decided.spec;
  const published = await publishing.add(() => publishSpec(context, forge, id, decision));
  const pairs = livePairs(context.night.id, id, decision);
  return record(context, summariseEnd(decided, end, published), end, pairs);
};

const record = (
  context: SettleContext,
  ended: EndedSpec,
  { hidden = [] }: Pick<SpecEnd, 'hidden'> = {},
  pairs: readonly Pair[] = [],
): SettledSpec => {
  const { id, outcome, code, reason, waiting } = ended.summary;
  if (!context.ended.has(id)) {
    context.journal.append({ type: 'spec', spec: id, outcome, ...(code && { code }), reason });
  }
  const more = waiting === undefined ? '' : `; waits to be sent: ${waiting}`;
  context.watch.spec({ spec: id, outcome, reason: `${reason}${more}` });
  return { ended, pairs: [...pairs, ...hiddenPairs(context.night.id, hidden)], hidden };
};
