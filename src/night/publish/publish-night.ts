// SPDX-License-Identifier: GPL-3.0-only
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { messageOf } from '../../data/message-of.ts';
import type { Forge } from '../../forge/forge.ts';
import { schemaErrorsByWeek } from '../../morning/metrics/schema-errors.ts';
import { renderReport } from '../../morning/report.ts';
import { countOutcomes, type Summary } from '../../morning/summary.ts';
import { extendLedger } from '../../review/kappa/ledger.ts';
import { scrubTexts } from '../../secrets/scrub.ts';
import { extendSealed } from '../../trace/sign/seal.ts';
import { earlierPulls } from '../record/earlier-pulls.ts';
import { type DecidedSpec, type Night, nightEnd } from '../record/night-schemas.ts';
import { appendOutcomes } from '../record/outcomes.ts';
import type { StateFolder } from '../record/state-folder.ts';
import { workedBy } from '../record/worked-by.ts';
import { settleAll } from '../run/run-unit.ts';
import type { SpecEnd } from '../spec/run-spec.ts';
import { pageName, readNodes, writePage } from './morning-page.ts';
import { type SettleContext, type SettledSpec, settleSkipped, settleSpec } from './settle-spec.ts';
import { signNight } from './sign-night.ts';
import { summariseHidden } from './summarise-hidden.ts';
import { outcomeRecord } from './summarise-spec.ts';
import { tellDashboard } from './tell-dashboard.ts';
import { tellRefused } from './tell-issue.ts';

/** What a summary says beside the specs. */
export type NightFacts = Pick<Summary, 'confinement' | 'reviewers' | 'engines' | 'notices'>;

export type PublishNightOptions = {
  readonly context: SettleContext;
  readonly state: StateFolder;
  readonly forge: Forge;
  /** Specs under way at once. */
  readonly atOnce: number;
  /** Takes a spec through its flow, or reads how it went through. */
  readonly endOf: (decided: DecidedSpec) => Promise<SpecEnd>;
  readonly facts: () => Promise<NightFacts>;
  readonly say: (line: string) => void;
  /** Says what would be opened, and keeps nothing. */
  readonly dryRun?: boolean;
};

/**
 * Ends a night: opens what its gate approved, and leaves what it taught, the morning's files, its
 * signature and the journal's last line. Repeated after a crash, it opens nothing twice.
 */
export const publishNight = async (options: PublishNightOptions): Promise<Summary> => {
  const { context, state, facts, dryRun = false } = options;
  const { night, folder, journal } = context;
  const settled = await settleSpecs(options);
  if (dryRun) return summaryOf(night, settled, await facts(), dryRun);
  await tellRefused(options.forge, night);
  await extendState(state, night, settled);
  const read = readNodes(folder);
  const summary = {
    ...summaryOf(night, settled, await facts(), dryRun),
    ...(await earlierPulls(options.forge, night)),
    schemaErrors: schemaErrorsByWeek(read.nodes).map(({ rate: _, ...counts }) => counts),
  };
  await writeMorning(folder, summary);
  await signNight(folder, night);
  await leavePage(options, scrubTexts(summary), read);
  await tellDashboard(options.forge, state, night, options.say);
  journal.append(nightEnd);
  return summary;
};

/** The page can be made again from what is signed: a night whose pull requests are open ends without it too. */
const leavePage = async (
  { context: { folder, night }, say }: PublishNightOptions,
  summary: Summary,
  read: ReturnType<typeof readNodes>,
): Promise<void> => {
  try {
    await writePage(join(folder, pageName), folder, summary, read);
  } catch (error) {
    say(
      `The page of the night was not written: ${messageOf(error)}. Write it with "pantheon report ${night.id}"`,
    );
  }
};

/** In the order of the night's specs, whichever ended first: the ledger must not depend on luck. */
const settleSpecs = async (options: PublishNightOptions): Promise<readonly SettledSpec[]> => {
  const { context, forge, atOnce, endOf, dryRun } = options;
  const target: Forge = dryRun ? { ...forge, open: async () => ({}) } : forge;
  const specs = new PQueue({ concurrency: atOnce });
  // Git writes refs one at a time anyway, and a forge counts on an order.
  const publishing = new PQueue({ concurrency: 1 });
  const settle = async (decided: DecidedSpec): Promise<SettledSpec> => {
    context.signal.throwIfAborted();
    if (decided.skip !== undefined) return settleSkipped(context, decided, decided.skip);
    return settleSpec(context, target, decided, await endOf(decided), publishing);
  };
  try {
    return await settleAll(
      context.night.specs.map((decided) =>
        specs.add(() => settle(decided), { priority: decided.spec.priority }),
      ),
    );
  } catch (error) {
    throw context.signal.aborted ? context.signal.reason : error;
  }
};

/** The summary of a night from how its specs ended. */
const summaryOf = (
  night: Night,
  settled: readonly SettledSpec[],
  { confinement, reviewers, engines, notices }: NightFacts,
  dryRun: boolean,
): Summary => {
  const specs = settled.map(({ ended: { decided, summary } }) => {
    const versions = workedBy(night, decided).map(({ digest: _, ...version }) => version);
    return { ...summary, ...(versions.length > 0 && { versions }) };
  });
  return {
    version: 1,
    night: night.id,
    ...(dryRun && { dryRun }),
    startedAt: night.startedAt,
    ...(night.expected && { expected: night.expected }),
    base: night.base.commit,
    profile: night.profile,
    confinement,
    ...(night.host && { host: night.host }),
    specs,
    counts: countOutcomes(specs),
    reviewers: reviewers.map((one) => {
      const ofFlow = settled.filter(({ ended }) => ended.decided.flow === one.flow);
      const hidden = summariseHidden(ofFlow.flatMap((spec) => spec.hidden));
      return { ...one, ...(hidden && { hidden }) };
    }),
    engines,
    notices,
  };
};

/** Adds what a night taught to the state folder. Repeated, it adds nothing. */
const extendState = async (
  state: StateFolder,
  night: Night,
  settled: readonly SettledSpec[],
): Promise<void> => {
  const extend = extendSealed(state.root);
  await extendLedger(
    state.root,
    settled.flatMap(({ pairs }) => pairs),
    extend,
  );
  const fresh = settled.filter(({ ended }) => ended.decided.skip === undefined);
  await appendOutcomes(
    state.outcomes,
    fresh.map(({ ended }) => outcomeRecord(night.id, ended)),
    extend,
  );
};

/** Leaves `summary.json` and `report.md` in a folder. */
export const writeMorning = async (folder: string, whole: Summary): Promise<void> => {
  const summary = scrubTexts(whole);
  await writeFile(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  await writeFile(join(folder, 'report.md'), renderReport(summary));
};
