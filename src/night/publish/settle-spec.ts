// SPDX-License-Identifier: GPL-3.0-only
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type PQueue from 'p-queue';
import type { Forge } from '../../forge/forge.ts';
import { renderReport } from '../../morning/report.ts';
import { countOutcomes, type Summary } from '../../morning/summary.ts';
import { extendLedger } from '../../review/kappa/ledger.ts';
import type { Pair } from '../../review/schema.ts';
import { type Collected, type Night, nightEnd } from '../record/night-record.ts';
import { appendOutcomes } from '../record/outcomes.ts';
import type { StateFolder } from '../record/state-folder.ts';
import type { Session } from '../run/session.ts';
import type { SpecEnd } from '../spec/run-spec.ts';
import { livePairs } from './live-pairs.ts';
import { decisionOf, publish } from './publish-spec.ts';
import { type Ended, outcomeRecord, summariseEnd, summariseSkipped } from './summarise-spec.ts';
import { tellIssue } from './tell-issue.ts';

/** A spec's end and its reviewers' joint judgements. */
export type Worked = { readonly ended: Ended; readonly pairs: readonly Pair[] };

/** What is needed of a session once a spec has gone through its flow. */
export type Desk = Parameters<typeof publish>[0] & Pick<Session, 'ended' | 'watch'>;

/** A spec that was not worked tonight. */
export const settleSkipped = (desk: Desk, collected: Collected, reason: string): Worked =>
  record(desk, summariseSkipped(collected, reason), []);

/** Publishes what the gate decided, one spec at a time, and records how the spec ended. */
export const settleSpec = async (
  desk: Desk,
  forge: Forge,
  collected: Collected,
  end: SpecEnd,
  publishing: PQueue,
): Promise<Worked> => {
  const worked = await settle(desk, forge, collected, end, publishing);
  await publishing.add(() => tellIssue(forge, desk.night.id, worked.ended));
  return worked;
};

const settle = async (
  desk: Desk,
  forge: Forge,
  collected: Collected,
  end: SpecEnd,
  publishing: PQueue,
): Promise<Worked> => {
  const { gate } = end;
  if (gate.status !== 'ok') {
    return record(desk, summariseEnd(collected, end, { state: 'nothing' }), []);
  }
  const decision = decisionOf(gate);
  const { id } = collected.spec;
  const published = await publishing.add(() => publish(desk, forge, id, decision));
  const pairs = livePairs(desk.night.id, id, decision);
  return record(desk, summariseEnd(collected, end, published), pairs);
};

const record = (desk: Desk, ended: Ended, pairs: readonly Pair[]): Worked => {
  const { id, outcome, reason, waiting } = ended.summary;
  if (!desk.ended.has(id)) {
    desk.journal.append({ type: 'spec', spec: id, outcome, reason });
  }
  const more = waiting === undefined ? '' : `; waits to be sent: ${waiting}`;
  desk.watch.spec({ spec: id, outcome, reason: `${reason}${more}` });
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
  worked: readonly Worked[],
  { confinement, reviewers, engines, notices, dryRun }: NightFacts,
): Summary => {
  const specs = worked.map(({ ended }) => ended.summary);
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
  worked: readonly Worked[],
): Promise<void> => {
  await extendLedger(
    state.root,
    worked.flatMap(({ pairs }) => pairs),
  );
  const fresh = worked.filter(({ ended }) => ended.collected.skip === undefined);
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
  { night, folder, journal }: Pick<Desk, 'night' | 'folder' | 'journal'>,
  state: StateFolder,
  worked: readonly Worked[],
  facts: () => Promise<NightFacts>,
): Promise<Summary> => {
  await extendState(state, night, worked);
  const summary = summaryOf(night, worked, await facts());
  await writeMorning(folder, summary);
  journal.append(nightEnd);
  return summary;
};
