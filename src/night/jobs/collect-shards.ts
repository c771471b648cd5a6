// SPDX-License-Identifier: GPL-3.0-only
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundExecutor } from '../../boundary/find-executor.ts';
import { UserError } from '../../data/user-error.ts';
import type { ArtifactName } from '../../flow/compile/names.ts';
import { formatArtifact } from '../../flow/compile/names.ts';
import type { Forge } from '../../forge/forge.ts';
import { acquireLock } from '../../trace/lock.ts';
import type { Repository } from '../../workspace/repository.ts';
import { type CreatedNight, type CreateNightOptions, createNight } from '../decide/create-night.ts';
import { freezeTerms, summariseReviewers } from '../exam/freeze-terms.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import { writeTerms } from '../record/frozen-terms.ts';
import type { Night } from '../record/night-record.ts';
import { shardsOf } from '../record/shard.ts';
import { sealFolder } from './artifact-contents.ts';

export type CollectShardsOptions = CreateNightOptions & {
  readonly repository: Repository;
  readonly forge: Forge;
  readonly sandbox: FoundExecutor;
  /** Where the night is left for the jobs that follow; must be empty or missing. */
  readonly folder: string;
  readonly attempt: number;
};

/** What later jobs are told. */
export type CollectedShards = {
  readonly night: Night;
  /** sha256 of the night's `contents.json`. */
  readonly digest: string;
  /** Shards that have specs, from 0 on. */
  readonly shards: readonly number[];
};

/**
 * Decides a night whose nodes run in jobs of their own: the preflight is done here, once, and what
 * it found is frozen. @throws UserError as a night on one machine does.
 */
export const collectShards = async (options: CollectShardsOptions): Promise<CollectedShards> => {
  const { state, repository, forge, folder, attempt } = options;
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    throw new UserError('is not empty; give a folder of its own to each night', {
      place: { file: folder },
    });
  }
  const release = await acquireLock(state.lock, 'collect');
  try {
    const decided = await createNight(options, repository, forge);
    try {
      await leaveTerms(options, decided);
    } finally {
      await decided.setup.close();
      await decided.base.close();
    }
    await copyFile(join(decided.folder, 'night.json'), join(folder, 'night.json'));
    const name: ArtifactName = { kind: 'night', attempt };
    const digest = await sealFolder(folder, { artifact: formatArtifact(name), complete: true });
    const shards = [...new Set(shardsOf(decided.night).values())].sort((a, b) => a - b);
    return { night: decided.night, digest, shards };
  } finally {
    release();
  }
};

const leaveTerms = async (
  { sandbox: found, folder, state, signal, say }: CollectShardsOptions,
  { base, setup, night }: CreatedNight,
): Promise<void> => {
  const { executor, notice } = found;
  const worked = new Set(night.specs.flatMap(({ skip, flow }) => (skip === undefined ? flow : [])));
  const flows = new Map<string, RunnableFlow>();
  for (const [name, flow] of setup.flows) {
    if (!worked.has(name)) continue;
    const terms = await freezeTerms({ night, base, setup, state, executor, signal, say }, flow);
    flows.set(name, { ...flow, terms });
  }
  await writeTerms(folder, {
    version: 1,
    flows: Object.fromEntries([...flows].map(([name, { terms }]) => [name, terms])),
    reviewers: summariseReviewers(flows, setup.config.gate),
    confinement: executor.confinement,
    notices: notice === undefined ? [] : [notice],
  });
};
