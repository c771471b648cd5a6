// SPDX-License-Identifier: GPL-3.0-only
import { rmdir } from 'node:fs/promises';
import { acquireLock } from '../trace/lock.ts';
import { type Repository, resolveRepository } from '../workspace/repository.ts';
import { readBeginning } from './decide/read-beginning.ts';
import { whyWorked } from './decide/why-worked.ts';
import { checkPlace } from './open/check-place.ts';
import { committedConfig, openForge } from './open/open-forge.ts';
import { createNightFolder, unfinishedNights } from './record/night-folder.ts';
import type { DecidedSpec, Night } from './record/night-schemas.ts';
import { wholeTask } from './record/night-task.ts';
import { readOutcomes } from './record/outcomes.ts';
import type { NightOptions } from './start-night.ts';

/** What a night that began now would do. */
export type NightPreview = {
  /** Folders of nights that were interrupted, which it would finish first. */
  readonly unfinished: readonly string[];
  readonly worked: readonly (DecidedSpec & { readonly why: string })[];
  readonly skipped: readonly DecidedSpec[];
  /** The versions that names of adapters stand for, by `flow/node`. */
  readonly adapters: NonNullable<Night['adapters']>;
  /** Spec files that could not be read, a line each. */
  readonly mistakes: Night['mistakes'];
};

/**
 * Decides a night as one that begins now would be, in the same process that a night decides in, and stops there: no
 * engine is asked, nothing is told to a forge, and nothing is left. @throws UserError as a night does.
 */
export const previewNight = async (
  options: Omit<NightOptions, 'resume'>,
): Promise<NightPreview> => {
  const { state } = options;
  const repository = await resolveRepository(options.repository);
  await checkPlace(repository, state);
  const release = await acquireLock(state.lock, 'preview');
  try {
    const night = await decideOnly(options, repository);
    const outcomes = await readOutcomes(state.outcomes);
    const specs = night.specs.map((decided) => ({
      ...decided,
      why: whyWorked(decided, outcomes, options.retry),
    }));
    return {
      unfinished: await unfinishedNights(state.traces),
      worked: specs.filter(({ skip }) => skip === undefined),
      skipped: night.specs.filter(({ skip }) => skip !== undefined),
      adapters: night.adapters ?? {},
      mistakes: night.mistakes,
    };
  } finally {
    release();
  }
};

/**
 * Decides a night and stops there: nothing is left in the state folder, whose lock is the caller's.
 * @throws UserError as a night does.
 */
export const decideOnly = async (
  options: Omit<NightOptions, 'resume'>,
  repository: Repository,
): Promise<Night> => {
  const { work, watch, startedAt, state, say, signal } = options;
  const config = await committedConfig(repository);
  const forge = await openForge({ repository, state, config, say, signal, otherwise: 'local' });
  const begin = await readBeginning({ ...options, repository, forge, leave: false });
  const made = await createNightFolder(state.traces, startedAt);
  const task = wholeTask(repository, state, made.folder, begin);
  const decided = new Error('the night is decided');
  let night: Night | undefined;
  const ready = async (opened: Night): Promise<void> => {
    night = opened;
    throw decided;
  };
  const none = (): void => {};
  const told = { say, node: watch.node, terms: none, extend: none, record: none, left: none };
  try {
    await work(task, { ...told, ready }, signal);
  } catch (error) {
    if (error !== decided) throw error;
  } finally {
    // Nothing is in it: nothing was begun.
    await rmdir(made.folder).catch(none);
  }
  if (night === undefined) throw new Error('a night that was not decided');
  return night;
};
