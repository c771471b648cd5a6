// SPDX-License-Identifier: GPL-3.0-only
import { formatArtifact } from '../../flow/compile/names.ts';
import type { Forge } from '../../forge/forge.ts';
import { syncForge } from '../../forge/sync-forge.ts';
import { acquireLock } from '../../trace/lock.ts';
import { checkSeal, extendSealed } from '../../trace/sign/seal.ts';
import type { Repository } from '../../workspace/repository.ts';
import type { WorkNight } from '../child/outside.ts';
import { type BeginningOptions, readBeginning } from '../decide/read-beginning.ts';
import { checkPlace } from '../open/check-place.ts';
import {
  committedConfig,
  hasIssues,
  type OpenForgeOptions,
  openForge,
} from '../open/open-forge.ts';
import { acceptNight } from '../publish/accept-night.ts';
import { writeTerms } from '../record/frozen-terms.ts';
import { rememberRepository } from '../record/moved-state.ts';
import { createNightFolder } from '../record/night-folder.ts';
import type { Night } from '../record/night-schemas.ts';
import { wholeTask } from '../record/night-task.ts';
import { shardsOf } from '../record/shard.ts';
import type { NightWatch } from '../run/session.ts';
import { sealFolder } from './artifact-contents.ts';
import { makeEmptyFolder } from './job-files.ts';

export type CollectJobOptions = Omit<BeginningOptions, 'forge' | 'leave' | 'shards'> &
  Omit<OpenForgeOptions, 'config' | 'repository'> & {
    readonly repository: Repository;
    readonly shards: number;
    /** Where the night is left for the jobs that follow; must be empty or missing. */
    readonly folder: string;
    readonly attempt: number;
    /** The token only reads: what waits in the outbox is left to publish. */
    readonly readOnly: boolean;
    /** Decides it: in this process, or in one that holds less. */
    readonly work: WorkNight;
    readonly watch: NightWatch;
    readonly signal: AbortSignal;
  };

/** What later jobs are told. */
export type CollectedNight = {
  readonly night: Night;
  /** sha256 of the night's `contents.json`. */
  readonly digest: string;
  /** Shards that have specs, from 0 on. */
  readonly shards: readonly number[];
  /** How much is left to publish where nothing is worked: what waits to be sent, issues that are refused, and the dashboard. */
  readonly waiting: number;
};

/**
 * Decides a night whose nodes run in jobs of their own: the preflight is done here, once, and what
 * it found is frozen. @throws UserError as a night on one machine does.
 */
export const runCollectJob = async (options: CollectJobOptions): Promise<CollectedNight> => {
  const { repository, state, folder, say } = options;
  await checkPlace(repository, state);
  await rememberRepository(state, repository);
  const forge = await openForge({ ...options, config: await committedConfig(repository) });
  // What an earlier night left waiting comes before anything new.
  if (hasIssues(forge) && !options.readOnly) await syncForge(forge, say);
  await makeEmptyFolder(folder, 'give a folder of its own to each night');
  const release = await acquireLock(state.lock, 'collect');
  try {
    const taken = checkSeal(state.root);
    if (taken !== undefined) say(taken);
    const night = await decide(options, forge);
    const artifact = formatArtifact({ kind: 'night', attempt: options.attempt });
    const digest = await sealFolder(folder, { artifact, complete: true });
    const shards = [...new Set(shardsOf(night).values())].sort((a, b) => a - b);
    const unsent = hasIssues(forge) ? await forge.waiting() : 0;
    const dashboard = hasIssues(forge) && night.config.github.dashboard ? 1 : 0;
    const waiting = unsent + (night.refused?.length ?? 0) + dashboard;
    return { night, digest, shards, waiting };
  } finally {
    release();
  }
};

/** Leaves `night.json` and `terms.json` in the job's folder. */
const decide = async (options: CollectJobOptions, forge: Forge): Promise<Night> => {
  const { repository, state, folder, say, watch, signal } = options;
  const begin = await readBeginning({ ...options, forge, leave: true });
  // Kept, so that no other night is given its name.
  const made = await createNightFolder(state.traces, options.startedAt);
  const task = wholeTask(repository, state, made.folder, begin);
  let decided: Night | undefined;
  let frozen = false;
  const ready = async (night: Night): Promise<void> => {
    await acceptNight(task, repository, night, [made.folder, folder]);
    decided = night;
  };
  const { node } = watch;
  const extend = extendSealed(state.root);
  const told = { record: () => {}, left: () => {}, extend, node, say, ready };
  await options.work(
    task,
    {
      ...told,
      terms: (terms) => {
        writeTerms(folder, terms);
        frozen = true;
      },
    },
    signal,
  );
  if (decided === undefined || !frozen) throw new Error('a night that was not decided');
  return decided;
};
