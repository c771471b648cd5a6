// SPDX-License-Identifier: GPL-3.0-only

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AgentEntry, discoverAgents } from '../../agent/registry.ts';
import { openChores } from '../../chore/chores.ts';
import { configName } from '../../config/config-mistake.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Config } from '../../config/schema.ts';
import { installationFolder } from '../../data/installation.ts';
import { readSource, type Source } from '../../data/read-source.ts';
import { splitAdvice } from '../../data/split-advice.ts';
import { UserError } from '../../data/user-error.ts';
import { type ModelStore, modelFolders } from '../../engine/models/model-files.ts';
import {
  emptyLock,
  lockName,
  maxLockBytes,
  parseModelsLock,
} from '../../engine/models/models-lock.ts';
import {
  emptyRegistry,
  maxRegistryBytes,
  parseRegistry,
  type Registry,
} from '../../engine/models/registry.ts';
import { registryName } from '../../engine/models/registry-names.ts';
import { loadFlow } from '../../flow/load-flow.ts';
import type { Flow } from '../../flow/schema.ts';
import { flowChooser } from '../../night/decide/choose-flow.ts';
import { uncommitted } from '../../night/open/base-files.ts';
import { checkPlace } from '../../night/open/check-place.ts';
import { collectSpecs } from '../../spec/load-specs.ts';
import { type Repository, resolveRepository } from '../../workspace/repository.ts';
import { flowFiles } from '../shared/flow-files.ts';
import { stateOf } from '../shared/state.ts';
import type { MachineFinding } from './machine.ts';

/** What a night would run by, read from the checkout: a person tries settings before a commit. */
export type DoctorSources = {
  readonly config: Config;
  /** Whether pantheon.yaml is there; else the shipped settings are used. */
  readonly own: boolean;
  readonly flows: readonly Flow[];
  readonly agents: ReadonlyMap<string, AgentEntry>;
  readonly toolFolders: readonly string[];
  readonly models: ModelStore;
  readonly registry: Registry;
  readonly finding: MachineFinding;
};

/** Reads the repository, or what ships where there is none. @throws UserError on what is written wrong. */
export const doctorSources = async (dir: string): Promise<DoctorSources> => {
  const repository = await findRepository(dir);
  const root = repository instanceof UserError ? undefined : repository.root;
  const bare = !(repository instanceof UserError) && repository.root === repository.gitDir;
  // Settings are tried before the first commit, too.
  const at = bare ? undefined : (root ?? resolve(dir));
  const source = at && (await readOwn(at, configName));
  const config = loadConfig(source || undefined);
  const lock = at && (await readOwn(at, lockName, maxLockBytes));
  const versions = at && (await readOwn(at, registryName, maxRegistryBytes));
  const registry = versions ? parseRegistry(versions) : emptyRegistry;
  const foldersAt = (names: readonly string[]): readonly string[] =>
    at === undefined ? [] : names.map((folder) => join(at, folder));
  const agents = await discoverAgents([
    join(installationFolder, 'actions'),
    ...foldersAt(config.agents),
  ]);
  return {
    config,
    own: Boolean(source),
    flows: await queuedFlows(at, config, await allFlows(at, new Set(agents.keys()))),
    agents,
    toolFolders: foldersAt(config.tools),
    models: { folders: modelFolders(), lock: lock ? parseModelsLock(lock) : emptyLock, registry },
    registry,
    finding:
      repository instanceof UserError
        ? missing(repository)
        : await repositoryFinding(repository, bare).catch(missing),
  };
};

const findRepository = async (dir: string): Promise<Repository | UserError> => {
  try {
    return await resolveRepository(dir);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
};

/** @throws what is not a person's to fix. */
const missing = (error: unknown): MachineFinding => {
  if (!(error instanceof UserError)) throw error;
  const { message } = error;
  const [detail, fix = 'give the folder of a git repository'] = splitAdvice(message);
  return { name: 'repository', state: 'fail', detail, fix };
};

const repositoryFinding = async (
  repository: Repository,
  bare: boolean,
): Promise<MachineFinding> => {
  const { root } = repository;
  await checkPlace(repository, stateOf(repository));
  if (bare) {
    return {
      name: 'repository',
      state: 'warn',
      detail: `${root} is bare: the shipped settings are looked at, not its own`,
      fix: 'give --repo a checkout of it',
    };
  }
  const changed = await uncommitted(root, [configName, lockName, registryName]);
  return changed.length === 0
    ? { name: 'repository', state: 'ok', detail: root }
    : {
        name: 'repository',
        state: 'warn',
        detail: `${changed.join(' and ')}: not as committed, and a night uses the commit`,
        fix: `git add ${changed.join(' ')} && git commit`,
      };
};

const readOwn = async (
  root: string,
  name: string,
  maxBytes?: number,
): Promise<Source | undefined> => {
  const path = join(root, name);
  return existsSync(path) ? readSource(path, name, maxBytes) : undefined;
};

/**
 * The flows that spec files ask for: what no spec needs is no reason to fail. All of them where there is no spec
 * file, where one cannot be read, or where issues are specs too.
 */
const queuedFlows = async (
  root: string | undefined,
  { chores, flow, forge }: Config,
  flows: readonly Flow[],
): Promise<readonly Flow[]> => {
  const folder = root === undefined ? undefined : join(root, 'specs');
  if (root === undefined || !folder || forge === 'github' || !existsSync(folder)) return flows;
  const names = new Set(flows.map(({ name }) => name));
  const { specs, mistakes } = await collectSpecs(folder, new Set(), names);
  if (specs.length === 0 || mistakes.length > 0) return flows;
  const folders = chores.map((name) => join(root, name)).filter((path) => existsSync(path));
  const flowOf = flowChooser(await openChores(folders), names, flow);
  const asked = new Set(specs.map(flowOf));
  return flows.filter(({ name }) => asked.has(name));
};

/** The repository's flows, and the shipped ones whose names it does not take. */
const allFlows = async (
  root: string | undefined,
  agents: ReadonlySet<string>,
): Promise<readonly Flow[]> => {
  const own = root === undefined ? [] : await flowFiles(root);
  const files = [...(await flowFiles(installationFolder)), ...own];
  const sources = new Map(files.map((source) => [source.name, source]));
  return [...sources.values()].map((source) => loadFlow(source, { agents }));
};
