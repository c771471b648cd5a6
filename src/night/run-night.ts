// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import PQueue from 'p-queue';
import type { FoundExecutor } from '../boundary/find-executor.ts';
import type { Forge } from '../forge/forge.ts';
import type { Summary } from '../morning/summary.ts';
import { openJournal } from '../trace/journal.ts';
import { openTerms, summariseReviewers } from './exam/freeze-terms.ts';
import { type NightFacts, publishNight } from './publish/publish-night.ts';
import { summariseEngines } from './publish/summarise-engines.ts';
import { journalSchema } from './record/night-schemas.ts';
import { underWay } from './run/lane-widths.ts';
import { openSession, type SessionParts } from './run/open-session.ts';
import type { Session } from './run/session.ts';
import { runSpec } from './spec/run-spec.ts';

export type NightRun = Omit<SessionParts, 'executor' | 'journal' | 'terms'> & {
  readonly forge: Forge;
  readonly sandbox: FoundExecutor;
  readonly say: (line: string) => void;
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
    const terms = openTerms({ ...run, executor });
    const session = await openSession({ ...run, executor, journal, terms });
    journal.append({ type: 'night', state: session.finished.size > 0 ? 'resume' : 'start' });
    const engines = await run.setup.engines();
    await Promise.all(engines.map(({ dispatcher }) => dispatcher.begin()));
    const atOnce = underWay(session.flows.values());
    const units = new PQueue({ concurrency: atOnce.units });
    return await publishNight({
      context: session,
      state,
      forge,
      atOnce: atOnce.specs,
      endOf: (decided) => runSpec(session, decided, { units }),
      facts: () => factsOf(run, session),
    });
  } finally {
    journal.close();
  }
};

const factsOf = async (
  { sandbox: found, setup, night }: NightRun,
  session: Session,
): Promise<NightFacts> => ({
  confinement: found.confinement,
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
