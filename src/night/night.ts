// SPDX-License-Identifier: GPL-3.0-only
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import type { FoundExecutor } from '../boundary/find-executor.ts';
import type { Forge } from '../forge/forge.ts';
import { renderReport } from '../morning/report.ts';
import { countOutcomes, type Summary } from '../morning/summary.ts';
import { extendLedger } from '../review/ledger.ts';
import type { Pair } from '../review/schema.ts';
import { openJournal } from '../trace/journal.ts';
import type { BaseTree } from '../workspace/base-tree.ts';
import { underWay } from './lane-of.ts';
import type { OpenMachinery } from './machinery.ts';
import { openSession } from './open-session.ts';
import type { OpenStage } from './open-stage.ts';
import { appendOutcomes } from './outcomes.ts';
import { livePairs } from './pairs.ts';
import { decisionOf, publish } from './publish.ts';
import { type Collected, journalSchema, type Night, nightEnd } from './records.ts';
import { runSpec } from './run-spec.ts';
import type { Session, Watch } from './session.ts';
import type { StateFolder } from './state-folder.ts';
import { type Ended, outcomeRecord, summariseEnd, summariseSkipped } from './summarise.ts';
import { summariseEngines } from './summarise-engines.ts';
import { openTerms, summariseReviewers } from './terms.ts';

export type NightRun = {
  readonly night: Night;
  readonly folder: string;
  readonly repository: string;
  readonly base: BaseTree;
  readonly machinery: OpenMachinery;
  readonly state: StateFolder;
  readonly forge: Forge;
  readonly found: FoundExecutor;
  readonly watch: Watch;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

/**
 * Works a decided night to its end, or what is left of it: nodes that finished are not repeated.
 * @throws the signal's reason when interrupted; the night can then be resumed.
 */
export const runNight = async (run: NightRun): Promise<Summary> => {
  const { night, folder, state, forge } = run;
  const journalFile = join(folder, 'journal.jsonl');
  const journal = openJournal(journalFile, journalSchema);
  try {
    const { executor } = run.found;
    const terms = (stage: OpenStage) => openTerms({ ...run, executor }, stage);
    const session = await openSession({ ...run, executor, journal, terms });
    journal.append({ type: 'night', state: session.finished.size > 0 ? 'resume' : 'start' });
    const engines = await run.machinery.engines();
    await Promise.all(engines.map(({ dispatcher }) => dispatcher.begin()));
    const worked = await workSpecs(session, forge);
    const ended = worked.map((spec) => spec.ended);
    await extendLedger(
      state.root,
      worked.flatMap(({ pairs }) => pairs),
    );
    const fresh = ended.filter(({ collected }) => collected.skip === undefined);
    await appendOutcomes(
      state.outcomes,
      fresh.map((end) => outcomeRecord(night.id, end)),
    );
    const summary = await summarise(run, session, ended);
    await writeFile(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
    await writeFile(join(folder, 'report.md'), renderReport(summary));
    journal.append(nightEnd);
    return summary;
  } finally {
    journal.close();
  }
};

/** A spec's end and its reviewers' joint judgements. */
type Worked = { readonly ended: Ended; readonly pairs: readonly Pair[] };

/** In the order of the night's specs, whichever ended first: the ledger must not depend on luck. */
const workSpecs = async (session: Session, forge: Forge): Promise<readonly Worked[]> => {
  const atOnce = underWay(session.stages.values());
  const specs = new PQueue({ concurrency: atOnce.specs });
  const units = new PQueue({ concurrency: atOnce.units });
  // Git writes refs one at a time anyway, and a forge counts on an order.
  const publishing = new PQueue({ concurrency: 1 });
  const results = await Promise.allSettled(
    session.night.specs.map((collected) =>
      specs.add(() => workSpec(session, forge, collected, units, publishing), {
        priority: collected.spec.priority,
      }),
    ),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw session.signal.aborted ? session.signal.reason : failed.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
};

const workSpec = async (
  session: Session,
  forge: Forge,
  collected: Collected,
  units: PQueue,
  publishing: PQueue,
): Promise<Worked> => {
  session.signal.throwIfAborted();
  const unjudged = (ended: Ended): Worked => ({ ended: finish(session, ended), pairs: [] });
  if (collected.skip !== undefined) {
    return unjudged(summariseSkipped(collected, collected.skip));
  }
  const end = await runSpec(session, collected, units);
  const { gate } = end;
  if (gate.status !== 'ok') return unjudged(summariseEnd(collected, end, { state: 'nothing' }));
  const decision = decisionOf(gate);
  const { id } = collected.spec;
  const published = await publishing.add(() => publish(session, forge, id, decision));
  return {
    ended: finish(session, summariseEnd(collected, end, published)),
    pairs: livePairs(session.night.id, id, decision),
  };
};

const finish = (session: Session, ended: Ended): Ended => {
  const { id, outcome, reason } = ended.summary;
  if (!session.ended.has(id)) {
    session.journal.append({ type: 'spec', spec: id, outcome, reason });
  }
  session.watch.spec({ spec: id, outcome, reason });
  return ended;
};

const summarise = async (
  run: NightRun,
  session: Session,
  ended: readonly Ended[],
): Promise<Summary> => {
  const { night, found } = run;
  const specs = ended.map(({ summary }) => summary);
  return {
    version: 1,
    night: night.id,
    startedAt: night.startedAt,
    base: night.base.commit,
    profile: night.profile,
    confinement: found.executor.confinement,
    specs,
    counts: countOutcomes(specs),
    reviewers: summariseReviewers(session.stages, session.config.gate),
    engines: [
      ...(await summariseEngines(
        await run.machinery.engines(),
        session.finished.size > 0 ? 'resume' : 'start',
      )),
    ],
    notices: [
      ...(found.notice === undefined ? [] : [found.notice]),
      ...night.notices,
      ...night.mistakes,
    ],
  };
};
