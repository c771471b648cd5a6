// SPDX-License-Identifier: GPL-3.0-only
import { rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { type FoundExecutor, findExecutor } from '../boundary/find-executor.ts';
import { sweepTemporaryFolders } from '../boundary/sweep-temporary.ts';
import { UserError } from '../data/user-error.ts';
import { loadFlows } from '../flow/load-flow.ts';
import type { Forge } from '../forge/forge.ts';
import { syncForge } from '../forge/sync-forge.ts';
import type { Summary } from '../morning/summary.ts';
import { acquireLock } from '../trace/lock.ts';
import { openBaseTree } from '../workspace/base-tree.ts';
import { type Repository, resolveRepository } from '../workspace/repository.ts';
import { createNight, findingLines } from './decide/create-night.ts';
import { checkPlace } from './open/check-place.ts';
import { checkNightUnchanged } from './open/check-unchanged.ts';
import { hasIssues, openForge } from './open/open-forge.ts';
import { openSetup } from './open/open-setup.ts';
import { flowSources, readCommit } from './open/read-commit.ts';
import type { SetupFiles } from './open/setup-files.ts';
import { rememberRepository } from './record/moved-state.ts';
import { putAside, readNight, unfinishedNights } from './record/night-folder.ts';
import type { StateFolder } from './record/state-folder.ts';
import type { NightWatch } from './run/session.ts';
import { runNight } from './run-night.ts';

export type NightOptions = {
  /** A folder of the repository to work on. */
  readonly repository: string;
  readonly state: StateFolder;
  readonly specs?: string | undefined;
  readonly profile?: string | undefined;
  readonly retry?: string | undefined;
  readonly only?: readonly string[] | undefined;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The shipped example may run unconfined and borrow this installation's packages. */
  readonly example: boolean;
  /** Only finish the night that was interrupted. */
  readonly resume: boolean;
  readonly watch: NightWatch;
  /** Tells the person what is going on, a line at a time. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

export type NightEnd = {
  readonly summary: Summary;
  readonly folder: string;
  /** Spec files that could not be read, a line each. */
  readonly mistakes: readonly string[];
};

/**
 * Finishes the night that was interrupted, if there is one, and then works a new one.
 * @throws UserError for what a person must fix first; the signal's reason when interrupted.
 */
export const startNight = async (options: NightOptions): Promise<NightEnd> => {
  const repository = await resolveRepository(options.repository);
  await checkPlace(repository, options.state);
  await rememberRepository(options.state, repository);
  const release = await acquireLock(options.state.lock, 'night');
  try {
    await sweepTemporaryFolders();
    const sandbox = await findExecutor({ allowUnconfined: options.example });
    if (sandbox.notice !== undefined) options.say(sandbox.notice);
    const unfinished = await unfinishedNights(options.state.traces);
    if (unfinished.length === 0 && options.resume) {
      throw new UserError('there is no interrupted night to resume; start one without --resume');
    }
    let resumed: NightEnd | undefined;
    for (const folder of unfinished) {
      resumed = await resumeOrPutAside(options, repository, sandbox, folder);
    }
    return resumed && options.resume ? resumed : await newNight(options, repository, sandbox);
  } finally {
    release();
  }
};

/**
 * A night that cannot be resumed must not stand in the way of all that follow: unless a person
 * asked for just that one, it is put aside with the reason.
 */
const resumeOrPutAside = async (
  options: NightOptions,
  repository: Repository,
  sandbox: FoundExecutor,
  folder: string,
): Promise<NightEnd | undefined> => {
  try {
    return await resumeNight(options, repository, sandbox, folder);
  } catch (error) {
    if (options.resume || !(error instanceof UserError)) throw error;
    const aside = `${folder}${putAside}`;
    await rename(folder, aside);
    options.say(`Night ${basename(folder)} cannot be resumed: ${error.message}`);
    options.say(`It was put aside as ${aside}; its specs are collected again.`);
    return undefined;
  }
};

const resumeNight = async (
  options: NightOptions,
  repository: Repository,
  sandbox: FoundExecutor,
  folder: string,
): Promise<NightEnd> => {
  const night = await readNight(folder);
  options.say(`Resuming night ${basename(folder)}, which was interrupted.`);
  const told = [...night.notices, ...night.mistakes];
  for (const line of told) options.say(line);
  const base = await openBaseTree(repository.root, night.base.commit).catch((cause) => {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`its base commit ${night.base.commit} is not in the repository any more`, {
      cause,
    });
  });
  try {
    const commit = await readCommit(base);
    const setup = await openSetup(commit, {
      profile: night.profile,
      flows: loadFlows(await flowSources(commit, Object.keys(night.flows))),
      codeFolder: options.state.code,
    });
    const fresh = findingLines(setup).filter((line) => !told.includes(line));
    for (const line of fresh) options.say(line);
    checkNightUnchanged(night, commit, setup);
    const forge = await forgeOf(options, repository, commit);
    return await work(options, repository, sandbox, { base, setup, night, folder, forge });
  } finally {
    await base.close();
  }
};

const newNight = async (
  options: NightOptions,
  repository: Repository,
  sandbox: FoundExecutor,
): Promise<NightEnd> => {
  const base = await openBaseTree(repository.root, repository.head);
  try {
    const commit = await readCommit(base);
    const forge = await forgeOf(options, repository, commit);
    // What an earlier night left waiting comes before anything new.
    if (hasIssues(forge)) await syncForge(forge, options.say);
    const { missing } = sandbox;
    const created = await createNight({ ...options, repository, commit, forge, missing });
    return await work(options, repository, sandbox, { base, ...created, forge });
  } finally {
    await base.close();
  }
};

const forgeOf = (
  { state, say, signal }: NightOptions,
  repository: Repository,
  { config }: SetupFiles,
): Promise<Forge> => openForge({ repository, state, config, say, signal, otherwise: 'local' });

type Parts = Pick<Parameters<typeof runNight>[0], 'base' | 'setup' | 'night' | 'folder' | 'forge'>;

const work = async (
  options: NightOptions,
  repository: Repository,
  sandbox: FoundExecutor,
  parts: Parts,
): Promise<NightEnd> => {
  const { state, watch, say, signal } = options;
  try {
    const summary = await runNight({
      ...parts,
      repository: repository.root,
      state,
      sandbox: sandbox,
      watch,
      say,
      signal,
    });
    return { summary, folder: parts.folder, mistakes: parts.night.mistakes };
  } finally {
    await parts.setup.close();
  }
};
