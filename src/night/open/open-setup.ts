// SPDX-License-Identifier: GPL-3.0-only

import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type AgentEntry, discoverAgents } from '../../agent/registry.ts';
import { loadConfig, selectProfile } from '../../config/load-config.ts';
import type { Config } from '../../config/schema.ts';
import { installationFolder } from '../../data/installation.ts';
import { readSource, type Source } from '../../data/read-document.ts';
import { UserError } from '../../data/user-error.ts';
import { type ModelStore, modelFolders } from '../../engine/models/model-files.ts';
import {
  emptyLock,
  lockName,
  maxLockBytes,
  parseModelsLock,
} from '../../engine/models/models-lock.ts';
import { loadFlow } from '../../flow/load-flow.ts';
import type { Flow } from '../../flow/schema.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { extractBaseFolder, listBaseFolder, readBaseFile } from './base-files.ts';
import {
  type BoundFlow,
  checkRoles,
  createOpener,
  type EngineFindings,
  type Opener,
} from './open-flow.ts';

/** The words a night runs by: settings and flows as text, from the base commit or as shipped. */
export type Sources = {
  readonly config?: Source | undefined;
  readonly profile?: string | undefined;
  readonly flows: ReadonlyMap<string, Source>;
  /** Where a night has judged all agents before: those its flows need. */
  readonly agents?: ReadonlySet<string>;
  /** The gate's terms are frozen: a process of the gate needs no reviewers. */
  readonly frozen?: boolean;
};

export type Setup = {
  readonly config: Config;
  readonly profile: string;
  readonly flows: ReadonlyMap<string, BoundFlow>;
  readonly engines: Opener['engines'];
  readonly findings: EngineFindings;
  readonly close: Opener['close'];
};

/** `pantheon.yaml` of the base commit, if there is one. */
export const configSource = (base: BaseTree): Promise<Source | undefined> =>
  readBaseFile(base, 'pantheon.yaml');

/** What `models.lock` of the base commit pins, and where models lie on this machine. */
const modelStore = async (base: BaseTree): Promise<ModelStore> => {
  const source = await readBaseFile(base, lockName, maxLockBytes);
  return { folders: modelFolders(), lock: source ? parseModelsLock(source) : emptyLock };
};

/** The flows there are, by name: those of the base commit and the shipped ones. */
export const flowNames = async (base: BaseTree): Promise<ReadonlySet<string>> => {
  const shipped = await readdir(join(installationFolder, 'flows'));
  const own = listBaseFolder(base, 'flows').map((path) => basename(path));
  const files = [...own, ...shipped].filter((name) => name.endsWith('.yaml'));
  return new Set(files.map((name) => basename(name, '.yaml')).sort());
};

/** `flows/<name>.yaml` of the base commit, else the shipped one. @throws UserError when neither is there. */
export const flowSource = async (base: BaseTree, name: string): Promise<Source> => {
  const file = `flows/${name}.yaml`;
  const own = await readBaseFile(base, file);
  if (own) return own;
  return readSource(join(installationFolder, file), file).catch((cause) => {
    throw new UserError(
      `there is no flow "${name}": neither ${file} in the commit nor a shipped one`,
      { cause },
    );
  });
};

/**
 * Opens every flow with its agents, tools and engines; where one node alone is to run, what it
 * needs. An engine that cannot be used is a finding, for other flows may do without it.
 * @throws UserError on the first other thing that is missing or wrong.
 */
export const openSetup = async (
  base: BaseTree,
  sources: Sources,
  codeFolder: string,
  node?: string,
): Promise<Setup> => {
  try {
    return await openAll(base, sources, codeFolder, node);
  } catch (error) {
    throw asCommitted(error, codeFolder);
  }
};

/**
 * Agents and tools are opened from a copy in the state folder; a person mends them where they were
 * committed.
 */
const asCommitted = (error: unknown, codeFolder: string): unknown => {
  if (!(error instanceof UserError)) return error;
  const message = error.message
    .split(`${codeFolder}/`)
    .map((part, index) => (index === 0 ? part : part.replace(/^[0-9a-f]{16}\//, '')))
    .join('');
  return message === error.message ? error : new UserError(message, { cause: error });
};

const openAll = async (
  base: BaseTree,
  sources: Sources,
  codeFolder: string,
  node: string | undefined,
): Promise<Setup> => {
  const config = loadConfig(sources.config);
  const profile = sources.profile ?? config.profile;
  selectProfile(config, profile);
  const own = (folders: readonly string[]) =>
    Promise.all(folders.map((folder) => extractBaseFolder(base, folder, codeFolder)));
  const [agentFolders, toolFolders] = await Promise.all([own(config.agents), own(config.tools)]);
  const agents = await discoverAgents(
    [join(installationFolder, 'actions'), ...present(agentFolders)],
    sources.agents,
  );
  checkOwnRoles(agents);
  const names = new Set(agents.keys());
  const flows: Flow[] = [...sources.flows.values()].map((source) =>
    loadFlow(source, { agents: names }),
  );
  const models = await modelStore(base);
  const opener = createOpener({
    config,
    profile,
    agents,
    toolFolders: present(toolFolders),
    models,
  });
  const bound = new Map<string, BoundFlow>();
  for (const [index, name] of [...sources.flows.keys()].entries()) {
    const flow = flows[index] as Flow;
    const opened = await opener.flow(flow, nodesFor(node, flow, agents, sources.frozen === true));
    checkRoles(opened);
    bound.set(name, opened);
  }
  const { engines, close } = opener;
  return { config, profile, flows: bound, engines, findings: await opener.findings(), close };
};

/** What a process of one node opens: that node; for the output also the tests, which it runs once more. */
const nodesFor = (
  node: string | undefined,
  { nodes, output }: Flow,
  agents: ReadonlyMap<string, AgentEntry>,
  frozen: boolean,
): ReadonlySet<string> | undefined => {
  if (node === undefined) return undefined;
  if (node !== output) return new Set([node]);
  // Without frozen terms it asks for the reviewers.
  if (!frozen) return undefined;
  const tests = nodes.filter(({ agent }) => agents.get(agent)?.manifest.role === 'test');
  return new Set([output, ...tests.map(({ id }) => id)]);
};

/**
 * A repository may bring its own workers, tests and reviewers: the exam and the gate hold those. Who
 * plans and who decides comes with Pantheon.
 */
const checkOwnRoles = (agents: ReadonlyMap<string, AgentEntry>): void => {
  for (const { manifest, folder } of agents.values()) {
    if (dirname(folder) === join(installationFolder, 'actions')) continue;
    if (manifest.role !== 'plan' && manifest.role !== 'gate') continue;
    throw new UserError(
      `role: an agent of a repository cannot be its ${manifest.role}; use plan.validate and merge.gate`,
      { place: { file: join(folder, 'agent.yaml') } },
    );
  }
};

const present = <Value>(values: readonly (Value | undefined)[]): readonly Value[] =>
  values.filter((value) => value !== undefined);
