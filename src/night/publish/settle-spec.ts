// SPDX-License-Identifier: GPL-3.0-only
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type PQueue from 'p-queue';
import type { Forge } from '../../forge/forge.ts';
import { renderReport } from '../../morning/report.ts';
import { countOutcomes, type Summary } from '../../morning/summary.ts';
import { extendLedger } from '../../review/kappa/ledger.ts';
import type { Pair } from '../../review/schema.ts';
import { type DecidedSpec, type Night, nightEnd } from '../record/night-record.ts';
import { appendOutcomes } from '../record/outcomes.ts';
import type { StateFolder } from '../record/state-folder.ts';
import type { Session } from '../run/session.ts';
import type { SpecEnd } from '../spec/run-spec.ts';
import { livePairs } from './live-pairs.ts';
import { decisionOf, publishSpec } from './publish-spec.ts';
import { type EndedSpec, outcomeRecord, summariseEnd, summariseSkipped } from './summarise-spec.ts';
import { tellIssue } from './tell-issue.ts';

/** A spec's end and its reviewers' joint judgements. */
export type SettledSpec = { readonly ended: EndedSpec; readonly pairs: readonly Pair[] };

/** What is needed of a session once a spec has gone through its flow. */
export type SettleContext = Parameters<typeof publishSpec>[0] & Pick<Session, 'ended' | 'watch'>;

/** A spec that was not worked tonight. */
export const settleSkipped = (
  context: SettleContext,
  decided: DecidedSpec,
  reason: string,
): SettledSpec => record(context, summariseSkipped(decided, reason), []);

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
    return record(context, summariseEnd(decided, end, { state: 'nothing' }), []);
  }
  const decision = decisionOf(gate);
  const { id } = decided.spec;
  const published = await publishing.add(() => publishSpec(context, forge, id, decision));
  const pairs = livePairs(context.night.id, id, decision);
  return record(context, summariseEnd(decided, end, published), pairs);
};

const record = (context: SettleContext, ended: EndedSpec, pairs: readonly Pair[]): SettledSpec => {
  const { id, outcome, reason, waiting } = ended.summary;
  if (!context.ended.has(id)) {
    context.journal.append({ type: 'spec', spec: id, outcome, reason });
  }
  const more = waiting === undefined ? '' : `; waits to be sent: ${waiting}`;
  context.watch.spec({ spec: id, outcome, reason: `${reason}${more}` });
  return { ended, pairs };
};

/** What a summary says beside the specs. */
export type NightFacts = Pick<
  Summary,
  'confinement' | 'reviewers' | 'engines' | 'notices' | 'dryRun'
>;

/** The summary of a night from how its specs ended. */
export const summaryOf = (
  night: Night,
  settled: readonly SettledSpec[],
  { confinement, reviewers, engines, notices, dryRun }: NightFacts,
): Summary => {
  const specs = settled.map(({ ended }) => ended.summary);
  return {
    version: 1,
    night: night.id,
    ...(dryRun && { dryRun }),
    startedAt: night.startedAt,
    base: night.base.commit,
    profile: night.profile,
    confinement,
    specs,
    counts: countOutcomes(specs),
    reviewers,
    engines,
    notices,
  };
};

/** Adds what a night taught to the state folder. Repeated, it adds nothing. */
export const extendState = async (
  state: StateFolder,
  night: Night,
  settled: readonly SettledSpec[],
): Promise<void> => {
  await extendLedger(
    state.root,
    settled.flatMap(({ pairs }) => pairs),
  );
  const fresh = settled.filter(({ ended }) => ended.decided.skip === undefined);
  await appendOutcomes(
    state.outcomes,
    fresh.map(({ ended }) => outcomeRecord(night.id, ended)),
  );
};

/** Leaves `summary.json` and `report.md` in a folder. */
export const writeMorning = async (folder: string, summary: Summary): Promise<void> => {
  await writeFile(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  await writeFile(join(folder, 'report.md'), renderReport(summary));
};

/** Ends a night: state, morning, and the journal's last line. */
export const closeNight = async (
  { night, folder, journal }: Pick<SettleContext, 'night' | 'folder' | 'journal'>,
  state: StateFolder,
  settled: readonly SettledSpec[],
  facts: () => Promise<NightFacts>,
): Promise<Summary> => {
  await extendState(state, night, settled);
  const summary = summaryOf(night, settled, await facts());
  await writeMorning(folder, summary);
  journal.append(nightEnd);
  return summary;
};
