// SPDX-License-Identifier: GPL-3.0-only

import { dirname, join } from 'node:path';
import { type AgentEntry, discoverAgents } from '../../agent/registry.ts';
import type { AgentManifest } from '../../agent/schema.ts';
import { openRuleBook, type RuleBook } from '../../boundary/rules/rule-book.ts';
import type { OpenChores } from '../../chore/chores.ts';
import type { OwnChores } from '../../chore/own-chores.ts';
import type { Config } from '../../config/schema.ts';
import { selectProfile } from '../../config/select-profile.ts';
import { installationFolder } from '../../data/installation.ts';
import { UserError } from '../../data/user-error.ts';
import type { Flow } from '../../flow/schema.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { type Hands, openHands } from '../hand/hands.ts';
import type { Relays } from '../record/relays.ts';
import { extractBaseFolder } from './extract-folder.ts';
import {
  type BoundFlow,
  checkRoles,
  createOpener,
  type EngineFindings,
  type Opener,
} from './open-flow.ts';
import { rulesFolder } from './own-rules.ts';
import type { SetupFiles } from './setup-files.ts';

/** Which flows are opened, and for whom. */
export type SetupOptions = {
  readonly profile?: string | undefined;
  /** Each flow by name, among agents of these names. */
  readonly flows: (agents: ReadonlySet<string>) => ReadonlyMap<string, Flow>;
  /** Where repositories' agents and tools are kept as files. */
  readonly codeFolder: string;
  readonly relays?: Relays;
  /** The only node that is to run in this process. */
  readonly node?: string;
  /** Where a night has judged all agents before: those its flows need, by the sha256 of `agent.yaml`. */
  readonly agents?: ReadonlyMap<string, AgentManifest>;
  /** The gate's terms are frozen: a process of the gate needs no reviewers. */
  readonly frozen?: boolean;
};

export type Setup = {
  readonly config: Config;
  readonly profile: string;
  readonly flows: ReadonlyMap<string, BoundFlow>;
  /** The chores that ship and the repository's own, read when they are asked for. */
  readonly chores: OpenChores;
  readonly rules: RuleBook;
  readonly engines: Opener['engines'];
  readonly findings: EngineFindings;
  readonly close: Opener['close'];
};

/**
 * Opens every flow with its agents, tools and engines; where one node alone is to run, what it
 * needs. An engine that cannot be used is a finding, for other flows may do without it.
 * @throws UserError on the first other thing that is missing or wrong.
 */
export const openSetup = async (files: SetupFiles, options: SetupOptions): Promise<Setup> => {
  const { base, config } = files;
  const { codeFolder } = options;
  const profile = options.profile ?? config.profile;
  selectProfile(config, profile);
  const agentFolders = await extractAll(base, config.agents, codeFolder);
  const code = await openCode(files, codeFolder);
  try {
    return await openAll(files, { ...options, ...code, profile, agentFolders });
  } catch (error) {
    await code.hands.close();
    throw asCommitted(error, codeFolder);
  }
};

/**
 * Agents, chores and tools are opened from a copy in the state folder; a person looks for
 * them where they were committed.
 */
const asCommitted = (error: unknown, codeFolder: string): unknown => {
  if (!(error instanceof UserError)) return error;
  const message = error.message
    .split(`${codeFolder}/`)
    .map((part, index) => (index === 0 ? part : part.replace(/^[0-9a-f]{16}\//, '')))
    .join('');
  return message === error.message ? error : new UserError(message, { cause: error });
};

/** With what the commit brings, as real files. */
type ExtractedOptions = SetupOptions &
  CommittedCode & {
    readonly profile: string;
    readonly agentFolders: readonly string[];
  };

const openAll = async (
  { config, models, registry, ...files }: SetupFiles,
  options: ExtractedOptions,
): Promise<Setup> => {
  const { node, frozen = false, profile, agentFolders, toolFolders, chores, hands } = options;
  const agents = await discoverAgents(
    [join(installationFolder, 'actions'), ...agentFolders],
    options.agents,
  );
  checkOwnRoles(agents);
  const flows = options.flows(new Set(agents.keys()));
  const opener = createOpener({
    config,
    profile,
    agents,
    toolFolders,
    chores,
    hands,
    models,
    registry,
    ...(options.relays && { relays: options.relays }),
  });
  const bound = new Map<string, BoundFlow>();
  for (const [name, flow] of flows) {
    const opened = await opener.flow(flow, nodesFor(node, flow, agents, frozen));
    checkRoles(opened);
    bound.set(name, opened);
  }
  const rules = committedRules({ ...files, config });
  // What ships is tested; a mistake in a repository's own is told before anything is worked.
  if ((await files.rules()).length > 0) await rules.check();
  const { engines } = opener;
  return {
    config,
    profile,
    flows: bound,
    chores,
    rules,
    engines,
    findings: await opener.findings(),
    close: async () => {
      await Promise.all([opener.close(), rules.close()]);
    },
  };
};

/** The rules that ship and those of a commit; nothing is started for them yet. */
export const committedRules = ({ rules, config }: Pick<SetupFiles, 'rules' | 'config'>): RuleBook =>
  openRuleBook({ own: rules, runBy: runBy(config) });

/** The files that a night of a repository runs by. */
const runBy = ({ agents, chores, tools, ...config }: Config): readonly string[] => [
  ...['pantheon.yaml', 'models.lock', 'registry.yaml', 'flows', 'specs'],
  ...[rulesFolder(config) ?? []].flat(),
  ...[...agents, ...chores, ...tools].map((folder) => folder.replace(/^\.\//, '')),
];

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

/** Tools and chores of a commit, and what runs their code. */
export type CommittedCode = {
  readonly toolFolders: readonly string[];
  /** The chores that ship and those of the commit, read when they are asked for. */
  readonly chores: OpenChores;
  /** To be closed. */
  readonly hands: Hands;
};

/** Makes files of a commit's tools and chores; their code is run in hands. */
export const openCode = async (
  { base, config }: Pick<SetupFiles, 'base' | 'config'>,
  codeFolder: string,
): Promise<CommittedCode> => {
  const [toolFolders, choreFolders] = await Promise.all([
    extractAll(base, config.tools, codeFolder),
    extractAll(base, config.chores, codeFolder),
  ]);
  const { sandbox } = config;
  const hands = openHands({ chores: choreFolders, tools: toolFolders, sandbox });
  return { toolFolders, chores: choresIn(choreFolders, codeFolder, hands.chores), hands };
};

/** The chores that ship and those of the commit, for their words: no code of them is run. */
export const committedChores = async (
  { base, config }: Pick<SetupFiles, 'base' | 'config'>,
  codeFolder: string,
): Promise<OpenChores> => choresIn(await extractAll(base, config.chores, codeFolder), codeFolder);

const choresIn =
  (folders: readonly string[], codeFolder: string, own?: OwnChores): OpenChores =>
  async () => {
    const { openChores } = await import('../../chore/chores.ts');
    try {
      return openChores(folders, own);
    } catch (error) {
      throw asCommitted(error, codeFolder);
    }
  };

const extractAll = async (
  base: BaseTree,
  folders: readonly string[],
  codeFolder: string,
): Promise<readonly string[]> => {
  const extracted = folders.map((folder) => extractBaseFolder(base, folder, codeFolder));
  return (await Promise.all(extracted)).filter((folder) => folder !== undefined);
};
