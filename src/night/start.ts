// SPDX-License-Identifier: GPL-3.0-only
import { rename } from 'node:fs/promises';
import { basename } from 'node:path';
import { type FoundExecutor, findExecutor } from '../boundary/find-executor.ts';
import { loadConfig } from '../config/load.ts';
import { printable } from '../data/printable.ts';
import { UserError } from '../data/user-error.ts';
import { openLocalForge } from '../forge/local.ts';
import type { Summary } from '../morning/summary.ts';
import { acquireLock } from '../trace/lock.ts';
import { type BaseTree, openBaseTree } from '../workspace/base-tree.ts';
import { type Repository, resolveRepository } from '../workspace/repository.ts';
import { uncommitted } from './base-files.ts';
import { type CollectedNight, collect } from './collect.ts';
import { configSource, type OpenMachinery, openMachinery } from './machinery.ts';
import { runNight } from './night.ts';
import {
  createNightFolder,
  putAside,
  readNight,
  unfinishedNights,
  writeNight,
} from './night-folder.ts';
import type { Night } from './records.ts';
import type { Watch } from './session.ts';
import type { StateFolder } from './state-folder.ts';

export type NightOptions = {
  /** A folder of the repository to work on. */
  readonly repository: string;
  readonly state: StateFolder;
  readonly specs?: string | undefined;
  readonly profile?: string | undefined;
  readonly retry?: string | undefined;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The shipped example may run unconfined and borrow this installation's packages. */
  readonly example: boolean;
  /** Only finish the night that was interrupted. */
  readonly resume: boolean;
  readonly watch: Watch;
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
 * @throws UserError for what a person must mend first; the signal's reason when interrupted.
 */
export const startNight = async (options: NightOptions): Promise<NightEnd> => {
  const repository = await resolveRepository(options.repository);
  const release = await acquireLock(options.state.lock, 'night');
  try {
    const found = await findExecutor({ allowUnconfined: options.example });
    if (found.notice !== undefined) options.say(found.notice);
    const unfinished = await unfinishedNights(options.state.traces);
    if (unfinished.length === 0 && options.resume) {
      throw new UserError('there is no interrupted night to resume; start one without --resume');
    }
    let resumed: NightEnd | undefined;
    for (const folder of unfinished) {
      resumed = await resumeOrPutAside(options, repository, found, folder);
    }
    return resumed && options.resume ? resumed : await newNight(options, repository, found);
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
  found: FoundExecutor,
  folder: string,
): Promise<NightEnd | undefined> => {
  try {
    return await resumeNight(options, repository, found, folder);
  } catch (error) {
    if (options.resume || !(error instanceof UserError)) throw error;
    const aside = `${folder}${putAside}`;
    await rename(folder, aside);
    options.say(`Night ${basename(folder)} cannot be resumed: ${error.message}`);
    options.say(`It was put aside as ${aside}; its specs are collected anew.`);
    return undefined;
  }
};

const resumeNight = async (
  options: NightOptions,
  repository: Repository,
  found: FoundExecutor,
  folder: string,
): Promise<NightEnd> => {
  const night = await readNight(folder);
  options.say(`Resuming night ${basename(folder)}, which was interrupted.`);
  for (const line of [...night.notices, ...night.mistakes]) options.say(line);
  const base = await openBaseTree(repository.root, night.base.commit).catch((cause) => {
    throw new UserError(`its base commit ${night.base.commit} is not in the repository any more`, {
      cause,
    });
  });
  try {
    const flows = new Map(Object.entries(night.flows));
    const sources = { config: night.config, profile: night.profile, flows };
    const machinery = await openMachinery(base, sources, options.state.code);
    for (const line of findingLines(machinery)) options.say(line);
    checkUnchanged(night, machinery);
    return await work(options, repository, found, { base, machinery, night, folder });
  } finally {
    await base.close();
  }
};

/** Half a night by other agents would be a night nobody could replay. */
const checkUnchanged = (night: Night, { stages }: OpenMachinery): void => {
  for (const stage of stages.values()) {
    for (const { room } of stage.actors.values()) {
      if (night.agents[room.agent.name] !== room.digest) {
        throw new UserError(
          `the agent "${room.agent.name}" has changed since night ${night.id} began; restore it, or move that night's folder away to give it up`,
        );
      }
    }
  }
};

const newNight = async (
  options: NightOptions,
  repository: Repository,
  found: FoundExecutor,
): Promise<NightEnd> => {
  const { state, startedAt, say } = options;
  const base = await openBaseTree(repository.root, repository.head);
  try {
    const notices = await ignoredFiles(options, repository, base);
    for (const line of notices) say(line);
    const collected: CollectedNight = await collect({
      ...options,
      base,
      branch: repository.branch,
      forge: openForge(repository, state),
    });
    const { machinery } = collected;
    if (options.signal.aborted) {
      await machinery.close();
      throw options.signal.reason;
    }
    const mistakes = collected.mistakes.map(({ message }) => message);
    if (mistakes.length > 0 && collected.night.specs.length === 0) {
      await machinery.close();
      throw new UserError(mistakes.join('\n'), { cause: collected.mistakes[0] });
    }
    const findings = [...notSpecs(collected.ignored), ...findingLines(machinery)];
    for (const line of [...mistakes, ...findings]) say(line);
    const { id, folder } = await createNightFolder(state.traces, startedAt);
    const night: Night = { ...collected.night, id, notices: [...notices, ...findings], mistakes };
    await writeNight(folder, night);
    return await work(options, repository, found, { base, machinery, night, folder });
  } finally {
    await base.close();
  }
};

/** What a preflight found, for the person and the report. */
const findingLines = ({ findings: { faults, warnings } }: OpenMachinery): readonly string[] => [
  ...faults.map((fault) => `${fault}. Specs that need it go to a red bin.`),
  ...warnings,
];

const openForge = ({ root }: Repository, state: StateFolder) =>
  openLocalForge({ repository: root, folder: state.pullRequests, decisions: state.decisions });

type Parts = Pick<Parameters<typeof runNight>[0], 'base' | 'machinery' | 'night' | 'folder'>;

const work = async (
  options: NightOptions,
  repository: Repository,
  found: FoundExecutor,
  parts: Parts,
): Promise<NightEnd> => {
  const { state, watch, say, signal } = options;
  try {
    const summary = await runNight({
      ...parts,
      repository: repository.root,
      state,
      forge: openForge(repository, state),
      found,
      watch,
      say,
      signal,
    });
    return { summary, folder: parts.folder, mistakes: parts.night.mistakes };
  } finally {
    await parts.machinery.close();
  }
};

/** What lies beside the specs and could have been meant as one is named. */
const notSpecs = (names: readonly string[]): readonly string[] =>
  names.length === 0
    ? []
    : [
        `Not read as specs: ${listed(names)}. A spec's name ends in .yaml, .yml or .json and begins with no dot.`,
      ];

const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, 5).map((name) => printable(name));
  return `${shown.join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
};

/** What lies in the checkout and was not committed is named and not used. */
const ignoredFiles = async (
  { specs }: NightOptions,
  { root, gitDir }: Repository,
  base: BaseTree,
): Promise<readonly string[]> => {
  // A bare repository has no checkout.
  if (root === gitDir) return [];
  const paths = ['pantheon.yaml', 'models.lock', 'flows', ...(await codeFolders(base))];
  const names = await uncommitted(root, specs === undefined ? [...paths, 'specs'] : paths);
  return names.length === 0 ? [] : [`Not committed and so not used: ${listed(names)}.`];
};

const codeFolders = async (base: BaseTree): Promise<readonly string[]> => {
  const source = await configSource(base).catch(() => undefined);
  try {
    const { agents, tools } = loadConfig(source);
    return [...agents, ...tools];
  } catch (error) {
    // Its mistakes are told when the night is collected.
    if (error instanceof UserError) return ['agents', 'tools'];
    throw error;
  }
};
