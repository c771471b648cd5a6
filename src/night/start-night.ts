// SPDX-License-Identifier: GPL-3.0-only
import { rename, rmdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { sweepTemporaryFolders } from '../boundary/sweep-temporary.ts';
import { UserError } from '../data/user-error.ts';
import type { Forge } from '../forge/forge.ts';
import { syncForge } from '../forge/sync-forge.ts';
import type { Summary } from '../morning/summary.ts';
import { readJournal } from '../trace/journal.ts';
import { acquireLock } from '../trace/lock.ts';
import { checkSeal } from '../trace/sign/seal.ts';
import { type Repository, resolveRepository } from '../workspace/repository.ts';
import type { WorkNight } from './child/outside.ts';
import { readBeginning } from './decide/read-beginning.ts';
import { checkPlace } from './open/check-place.ts';
import { committedConfig, hasIssues, openForge } from './open/open-forge.ts';
import { rememberRepository } from './record/moved-state.ts';
import { createNightFolder, putAside, readNight, unfinishedNights } from './record/night-folder.ts';
import { journalSchema } from './record/night-schemas.ts';
import { type WholeTask, wholeTask } from './record/night-task.ts';
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
  /** Do not finish the night that was interrupted: put it aside. */
  readonly giveUp?: boolean;
  /** Decides and works it: in this process, or in one that holds less. */
  readonly work: WorkNight;
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
    const taken = checkSeal(options.state.root);
    if (taken !== undefined) options.say(taken);
    const unfinished = await unfinishedNights(options.state.traces);
    if (unfinished.length === 0 && options.resume) {
      throw new UserError('there is no interrupted night to resume; start one without --resume');
    }
    let resumed: NightEnd | undefined;
    for (const folder of unfinished) {
      if (options.giveUp) await putNightAside(options, folder);
      else resumed = await resumeOrPutAside(options, repository, folder);
    }
    return resumed && options.resume ? resumed : await newNight(options, repository);
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
  folder: string,
): Promise<NightEnd | undefined> => {
  try {
    return await resumeNight(options, repository, folder);
  } catch (error) {
    if (options.resume || !(error instanceof UserError)) throw error;
    options.say(`Night ${basename(folder)} cannot be resumed: ${error.message}`);
    await putNightAside(options, folder);
    return undefined;
  }
};

const putNightAside = async ({ say }: Pick<NightOptions, 'say'>, folder: string): Promise<void> => {
  const aside = `${folder}${putAside}`;
  await rename(folder, aside);
  say(`Night ${basename(folder)} was put aside as ${aside}; its specs are collected again.`);
};

const resumeNight = async (
  options: NightOptions,
  repository: Repository,
  folder: string,
): Promise<NightEnd> => {
  const night = await readNight(folder);
  options.say(`Resuming night ${basename(folder)}, which was interrupted.`);
  const forge = await forgeOf(options, repository);
  const records = [...readJournal(`${folder}/journal.jsonl`, journalSchema)];
  return work(options, repository, forge, { folder, begin: { kind: 'resume', night, records } });
};

const newNight = async (options: NightOptions, repository: Repository): Promise<NightEnd> => {
  const forge = await forgeOf(options, repository);
  // What an earlier night left waiting comes before anything new.
  if (hasIssues(forge)) await syncForge(forge, options.say);
  const begin = await readBeginning({ ...options, repository, forge, leave: false });
  const { folder } = await createNightFolder(options.state.traces, options.startedAt);
  try {
    return await work(options, repository, forge, { folder, begin });
  } catch (error) {
    // Nothing is in it where nothing was decided.
    await rmdir(folder).catch(() => {});
    throw error;
  }
};

const forgeOf = async (
  { state, say, signal }: NightOptions,
  repository: Repository,
): Promise<Forge> => {
  const config = await committedConfig(repository);
  return openForge({ repository, state, config, say, signal, otherwise: 'local' });
};

const work = async (
  { work, state, watch, say, signal }: NightOptions,
  repository: Repository,
  forge: Forge,
  { folder, begin }: Pick<WholeTask, 'folder' | 'begin'>,
): Promise<NightEnd> => {
  const task = wholeTask(repository, state, folder, begin);
  const { summary, night } = await runNight({
    ...{ task, work, repository, state, folder, forge, watch, say, signal },
  });
  return { summary, folder, mistakes: night.mistakes };
};
