// SPDX-License-Identifier: GPL-3.0-only
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ZodError } from 'zod';
import { once } from '../../data/memoise.ts';
import { formatArtifact } from '../../flow/compile/names.ts';
import type { Flow } from '../../flow/schema.ts';
import type { Forge } from '../../forge/forge.ts';
import { syncForge } from '../../forge/sync-forge.ts';
import type { Summary } from '../../morning/summary.ts';
import type { Bundle } from '../../trace/bundle.ts';
import { openJournal } from '../../trace/journal.ts';
import { acquireLock } from '../../trace/lock.ts';
import { openTraces, type Traces } from '../../trace/open-traces.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import { readHidden } from '../exam/hidden-verdicts.ts';
import { whyNoVote } from '../exam/why-no-vote.ts';
import { hasIssues, type OpenForgeOptions, openForge } from '../open/open-forge.ts';
import { publishNight, writeMorning } from '../publish/publish-night.ts';
import { decisionOf } from '../publish/publish-spec.ts';
import { alreadyDone } from '../record/already-done.ts';
import { type FrozenTerms, readTerms } from '../record/frozen-terms.ts';
import { nightFolderIn, readNight } from '../record/night-folder.ts';
import { type DecidedSpec, journalSchema } from '../record/night-schemas.ts';
import { unrecorded } from '../run/open-session.ts';
import { type Planned, specUnit, unitsOf } from '../run/run-plan.ts';
import { endOf, type NodeEnd } from '../run/run-step.ts';
import type { NightWatch } from '../run/session.ts';
import type { SpecEnd } from '../spec/run-spec.ts';
import { sealFolder } from './artifact-contents.ts';
import { type GatheredNight, gatherArtifacts } from './gather-artifacts.ts';
import { gatherFigures } from './job-figures.ts';

export type PublishJobOptions = Omit<OpenForgeOptions, 'config'> & {
  /** The night's folder; with artifacts, by default the one in the state folder. */
  readonly night?: string | undefined;
  /** A folder per artifact of earlier jobs. */
  readonly artifacts?: string | undefined;
  /** sha256 of the `contents.json` of the night that is meant. */
  readonly digest?: string | undefined;
  /** Where summary and report are left beside the night's folder. */
  readonly out?: string | undefined;
  readonly attempt: number;
  /** Say what would be opened; keep nothing. */
  readonly dryRun: boolean;
  readonly watch: NightWatch;
  readonly signal: AbortSignal;
};

/** The night's folder, put together. */
type ArrivedNight = Pick<GatheredNight, 'night' | 'absent' | 'refused' | 'folder'> &
  Partial<Pick<GatheredNight, 'digest'>>;

/** Ends a night whose nodes ran in other processes. @throws UserError when it did not arrive. */
export const runPublishJob = async (
  options: PublishJobOptions,
): Promise<{ readonly summary: Summary; readonly folder: string }> => {
  const { state, dryRun, out, attempt, say } = options;
  const arrived = await arrivedNight(options);
  for (const line of arrived.refused) say(`Not taken: ${line}.`);
  const forge = await openForge({ ...options, config: arrived.night.config });
  // What an earlier night left waiting: only this job's token writes.
  if (!dryRun && hasIssues(forge) && (await forge.waiting()) > 0) await syncForge(forge, say);
  const release = await acquireLock(state.lock, 'publish');
  try {
    const summary = await publishArrived(options, arrived, forge);
    if (out !== undefined) {
      await mkdir(out, { recursive: true });
      await writeMorning(out, summary);
      const artifact = formatArtifact({ kind: 'morning', attempt });
      const night = arrived.digest;
      await sealFolder(out, { artifact, ...(night !== undefined && { night }), complete: true });
    }
    return { summary, folder: arrived.folder };
  } finally {
    release();
  }
};

const arrivedNight = async (options: PublishJobOptions): Promise<ArrivedNight> => {
  const { state, artifacts: from, digest } = options;
  if (from !== undefined) {
    const into = options.night ?? nightFolderIn(state.traces);
    return gatherArtifacts({ from, into, digest });
  }
  const folder = options.night ?? resolve('.');
  return { folder, night: await readNight(folder), absent: () => undefined, refused: [] };
};

const publishArrived = async (
  { repository, state, dryRun, watch, signal }: PublishJobOptions,
  { night, folder, absent, refused }: ArrivedNight,
  forge: Forge,
): Promise<Summary> => {
  const terms = await readTerms(folder);
  const paths = once(async () => {
    const base = await openBaseTree(repository.root, night.base.commit);
    await base.close();
    return [...base.entries.keys()].sort();
  });
  const journal = dryRun ? unrecorded : openJournal(join(folder, 'journal.jsonl'), journalSchema);
  try {
    const traces = openTraces(folder);
    const before = alreadyDone(journal.records);
    if (journal.records.length === 0) journal.append({ type: 'night', state: 'start' });
    return await publishNight({
      context: {
        ...before,
        ...{ night, folder, traces, journal, watch, signal },
        repository: repository.root,
      },
      state,
      forge,
      atOnce: 1,
      endOf: (decided) => endIn({ night, traces, absent, terms, paths }, decided),
      facts: async () => ({
        confinement: terms?.confinement ?? 'nothing',
        reviewers: terms?.reviewers ?? [],
        engines: [...(await gatherFigures(folder))],
        notices: [
          ...(terms?.notices ?? []),
          ...night.notices,
          ...night.mistakes,
          ...refused.map((line) => `Not taken: ${line}.`),
        ],
      }),
      dryRun,
    });
  } finally {
    journal.close();
  }
};

/** What no node writes may come from another machine all the same, and costs its own spec. */
const readEnd = (bundle: Bundle, check: (end: Planned) => unknown): NodeEnd => {
  try {
    const end = endOf(bundle);
    if (end.status === 'ok') check(end);
    return end;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof ZodError)) throw error;
    return { status: 'skipped', reason: `the bundle of ${bundle.address.node} is none it leaves` };
  }
};

/** What tells how specs ended in other processes. */
type Arrived = Pick<GatheredNight, 'night' | 'absent'> & {
  readonly traces: Traces;
  readonly terms: FrozenTerms | undefined;
  /** Of the base, sorted. */
  readonly paths: () => Promise<readonly string[]>;
};

/** How a spec left its flow, as the bundles of its first and last node say; without a vote it came to neither. */
const endIn = async (
  { night, traces, absent, terms, paths }: Arrived,
  decided: DecidedSpec,
): Promise<SpecEnd> => {
  const { spec, flow } = decided;
  const { entry, output } = night.flows[flow] as Flow;
  const ended = (node: string): NodeEnd => {
    const bundle = traces.read({ spec: spec.id, unit: specUnit.id, node });
    const check = node === output ? decisionOf : (end: Planned) => unitsOf(decided, end);
    if (bundle) return readEnd(bundle, check);
    return { status: 'skipped', reason: absent(spec.id, node) ?? `${node} left no bundle` };
  };
  const plan = ended(entry);
  if (plan.status === 'skipped') return { plan, gate: plan };
  if (plan.status === 'failed') return { plan, gate: ended(output) };
  const units = unitsOf(decided, plan);
  const frozen = terms?.flows[flow];
  const noVote = frozen && (await whyNoVote(night, decided, frozen, units, paths));
  if (noVote !== undefined) return { plan, gate: { status: 'skipped', reason: noVote } };
  return { plan, gate: ended(output), hidden: readHidden(traces, night, decided, units) };
};
