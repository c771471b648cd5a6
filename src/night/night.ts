// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import PQueue from 'p-queue';
import type { FoundExecutor } from '../boundary/find-executor.ts';
import type { Forge } from '../forge/forge.ts';
import type { Summary } from '../morning/summary.ts';
import { openJournal } from '../trace/journal.ts';
import type { BaseTree } from '../workspace/base-tree.ts';
import { freezeTerms, summariseReviewers } from './exam/freeze-terms.ts';
import type { BoundFlow } from './open/open-flow.ts';
import type { Setup } from './open/open-setup.ts';
import {
  closeNight,
  type NightFacts,
  type SettledSpec,
  settleSkipped,
  settleSpec,
} from './publish/settle-spec.ts';
import { summariseEngines } from './publish/summarise-engines.ts';
import { type DecidedSpec, journalSchema, type Night } from './record/night-record.ts';
import type { StateFolder } from './record/state-folder.ts';
import { underWay } from './run/lane-widths.ts';
import { openSession } from './run/open-session.ts';
import type { NightWatch, Session } from './run/session.ts';
import { runSpec } from './spec/run-spec.ts';

export type NightRun = {
  readonly night: Night;
  readonly folder: string;
  readonly repository: string;
  readonly base: BaseTree;
  readonly setup: Setup;
  readonly state: StateFolder;
  readonly forge: Forge;
  readonly sandbox: FoundExecutor;
  readonly watch: NightWatch;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

/**
 * Works a decided night to its end, or what is left of it: nodes that finished are not repeated.
 * @throws the signal's reason when interrupted; the night can then be resumed.
 */
export const runNight = async (run: NightRun): Promise<Summary> => {
  const { folder, state, forge } = run;
  const journalFile = join(folder, 'journal.jsonl');
  const journal = openJournal(journalFile, journalSchema);
  try {
    const { executor } = run.sandbox;
    const terms = (flow: BoundFlow) => freezeTerms({ ...run, executor }, flow);
    const session = await openSession({ ...run, executor, journal, terms });
    journal.append({ type: 'night', state: session.finished.size > 0 ? 'resume' : 'start' });
    const engines = await run.setup.engines();
    await Promise.all(engines.map(({ dispatcher }) => dispatcher.begin()));
    const settled = await workSpecs(session, forge);
    return await closeNight(session, state, settled, () => factsOf(run, session));
  } finally {
    journal.close();
  }
};

/** In the order of the night's specs, whichever ended first: the ledger must not depend on luck. */
const workSpecs = async (session: Session, forge: Forge): Promise<readonly SettledSpec[]> => {
  const atOnce = underWay(session.flows.values());
  const specs = new PQueue({ concurrency: atOnce.specs });
  const units = new PQueue({ concurrency: atOnce.units });
  // Git writes refs one at a time anyway, and a forge counts on an order.
  const publishing = new PQueue({ concurrency: 1 });
  const results = await Promise.allSettled(
    session.night.specs.map((decided) =>
      specs.add(() => workSpec(session, forge, decided, units, publishing), {
        priority: decided.spec.priority,
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
  decided: DecidedSpec,
  units: PQueue,
  publishing: PQueue,
): Promise<SettledSpec> => {
  session.signal.throwIfAborted();
  const { skip } = decided;
  if (skip !== undefined) return settleSkipped(session, decided, skip);
  const end = await runSpec(session, decided, units);
  return settleSpec(session, forge, decided, end, publishing);
};

const factsOf = async (
  { sandbox: found, setup, night }: NightRun,
  session: Session,
): Promise<NightFacts> => ({
  confinement: found.executor.confinement,
  reviewers: summariseReviewers(session.flows, session.config.gate),
  engines: [
    ...(await summariseEngines(
      await setup.engines(),
      session.finished.size > 0 ? 'resume' : 'start',
    )),
  ],
  notices: [
    ...(found.notice === undefined ? [] : [found.notice]),
    ...night.notices,
    ...night.mistakes,
  ],
});
