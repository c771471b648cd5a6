// SPDX-License-Identifier: GPL-3.0-only
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FoundExecutor, findExecutor } from '../../boundary/find-executor.ts';
import { formatArtifact } from '../../flow/compile/names.ts';
import { syncForge } from '../../forge/sync-forge.ts';
import type { GateTerms } from '../../review/schema.ts';
import { acquireLock } from '../../trace/lock.ts';
import { type BaseTree, openBaseTree } from '../../workspace/base-tree.ts';
import { type CreatedNight, type CreateNightOptions, createNight } from '../decide/create-night.ts';
import { openTerms, summariseReviewers } from '../exam/freeze-terms.ts';
import { checkPlace } from '../open/check-place.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import { hasIssues, type OpenForgeOptions, openForge } from '../open/open-forge.ts';
import { readCommit } from '../open/read-commit.ts';
import { writeTerms } from '../record/frozen-terms.ts';
import { rememberRepository } from '../record/moved-state.ts';
import type { Night } from '../record/night-schemas.ts';
import { shardsOf } from '../record/shard.ts';
import { sealFolder } from './artifact-contents.ts';
import { makeEmptyFolder } from './job-files.ts';

export type CollectJobOptions = Omit<CreateNightOptions, 'commit' | 'forge' | 'missing'> &
  Pick<OpenForgeOptions, 'otherwise'> & {
    /** Where the night is left for the jobs that follow; must be empty or missing. */
    readonly folder: string;
    readonly attempt: number;
    /** The token only reads: what waits in the outbox is left to publish. */
    readonly readOnly: boolean;
  };

/** What later jobs are told. */
export type CollectedNight = {
  readonly night: Night;
  /** sha256 of the night's `contents.json`. */
  readonly digest: string;
  /** Shards that have specs, from 0 on. */
  readonly shards: readonly number[];
  /** How much is left to publish where nothing is worked: what waits to be sent, and issues that are refused. */
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
  const base = await openBaseTree(repository.root, repository.head);
  try {
    const commit = await readCommit(base);
    const forge = await openForge({ ...options, config: commit.config });
    // What an earlier night left waiting comes before anything new.
    if (hasIssues(forge) && !options.readOnly) await syncForge(forge, say);
    const sandbox = await findExecutor({ allowUnconfined: options.example });
    await makeEmptyFolder(folder, 'give a folder of its own to each night');
    const release = await acquireLock(state.lock, 'collect');
    try {
      const created = await createNight({ ...options, commit, forge, missing: sandbox.missing });
      try {
        await leaveTerms(options, sandbox, base, created);
      } finally {
        await created.setup.close();
      }
      const left = await leaveNight(options, created);
      const unsent = hasIssues(forge) ? await forge.waiting() : 0;
      return { ...left, waiting: unsent + (left.night.refused?.length ?? 0) };
    } finally {
      release();
    }
  } finally {
    await base.close();
  }
};

const leaveNight = async (
  { folder, attempt }: CollectJobOptions,
  created: CreatedNight,
): Promise<Omit<CollectedNight, 'waiting'>> => {
  const { night } = created;
  await copyFile(join(created.folder, 'night.json'), join(folder, 'night.json'));
  const artifact = formatArtifact({ kind: 'night', attempt });
  const digest = await sealFolder(folder, { artifact, complete: true });
  const shards = [...new Set(shardsOf(night).values())].sort((a, b) => a - b);
  return { night, digest, shards };
};

const leaveTerms = async (
  { folder, state, signal, say }: CollectJobOptions,
  { executor, confinement, notice }: FoundExecutor,
  base: BaseTree,
  { setup, night }: CreatedNight,
): Promise<void> => {
  const worked = new Set(night.specs.flatMap(({ skip, flow }) => (skip === undefined ? flow : [])));
  const flows = new Map<string, RunnableFlow>();
  const terms: Record<string, GateTerms> = {};
  const termsOf = openTerms({ night, base, setup, state, executor, signal, say });
  for (const [name, flow] of setup.flows) {
    if (!worked.has(name)) continue;
    terms[name] = await termsOf(flow);
    flows.set(name, { ...flow, terms: terms[name] });
  }
  await writeTerms(folder, {
    version: 1,
    flows: terms,
    reviewers: summariseReviewers(flows, setup.config.gate),
    confinement,
    notices: notice === undefined ? [] : [notice],
  });
};
