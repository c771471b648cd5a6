// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { once } from '../../data/memoise.ts';
import { formatArtifact } from '../../flow/compile/names.ts';
import type { Forge } from '../../forge/forge.ts';
import { syncForge } from '../../forge/sync-forge.ts';
import type { Summary } from '../../morning/summary.ts';
import { openJournal } from '../../trace/journal.ts';
import { acquireLock } from '../../trace/lock.ts';
import { openTraces } from '../../trace/open-traces.ts';
import { checkSeal } from '../../trace/sign/seal.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import { hasIssues, type OpenForgeOptions, openForge } from '../open/open-forge.ts';
import { pageName } from '../publish/morning-page.ts';
import { publishNight, writeMorning } from '../publish/publish-night.ts';
import { readSpecEnd } from '../publish/read-end.ts';
import { alreadyDone } from '../record/already-done.ts';
import { readTerms } from '../record/frozen-terms.ts';
import { nightFolderIn, readNight } from '../record/night-folder.ts';
import { journalSchema } from '../record/night-schemas.ts';
import { unrecorded } from '../run/open-session.ts';
import type { NightWatch } from '../run/session.ts';
import { sealFolder } from './artifact-contents.ts';
import { type GatheredNight, gatherArtifacts } from './gather-artifacts.ts';
import { gatherFigures } from './job-figures.ts';
import { signedOnPublish } from './job-files.ts';

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
    const taken = dryRun ? undefined : checkSeal(state.root);
    if (taken !== undefined) say(taken);
    const summary = await publishArrived(options, arrived, forge);
    if (out !== undefined) {
      await mkdir(out, { recursive: true });
      await writeMorning(out, summary);
      for (const name of dryRun ? [] : [pageName, ...signedOnPublish]) {
        const file = join(arrived.folder, name);
        if (existsSync(file)) await copyFile(file, join(out, name));
      }
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
  { repository, state, dryRun, watch, say, signal }: PublishJobOptions,
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
      say,
      atOnce: 1,
      endOf: (decided) => readSpecEnd({ night, traces, absent, terms, paths }, decided),
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
