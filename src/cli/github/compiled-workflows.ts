// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { discoverAgents } from '../../agent/registry.ts';
import { configName } from '../../config/config-mistake.ts';
import { loadConfig } from '../../config/load-config.ts';
import type { Config } from '../../config/schema.ts';
import { installationFolder } from '../../data/installation.ts';
import { readSource, type Source } from '../../data/read-source.ts';
import { UserError } from '../../data/user-error.ts';
import { compileFlow, workflowPath } from '../../flow/compile/compile.ts';
import { compileIntake, intakePath } from '../../flow/compile/intake.ts';
import type { CompileSettings } from '../../flow/compile/settings.ts';
import { compileTrain, trainPath } from '../../flow/compile/train.ts';
import { loadFlow } from '../../flow/load-flow.ts';
import type { Flow } from '../../flow/schema.ts';
import { flowFiles } from '../shared/flow-files.ts';

/** What a folder's flows and settings say as they are there, committed or not. */
export type FlowFolder = {
  readonly config: Config;
  readonly flows: readonly Flow[];
  /** Folder below Pantheon's `actions/` by name of the agent, where it can be used as an action. */
  readonly actionFolders: ReadonlyMap<string, string>;
};

/** What may be given in place of the files that lie there. */
type FlowSources = { readonly config: Source; readonly flows: readonly Source[] };

/**
 * Reads `pantheon.yaml` and `flows/*.yaml` of a repository's folder; where it has no flows, the
 * shipped one that its settings name. @throws UserError on a mistake in one of them.
 */
export const readFlowFolder = async (
  folder: string,
  instead?: FlowSources,
): Promise<FlowFolder> => {
  const file = join(folder, configName);
  const written = async () => (existsSync(file) ? readSource(file, configName) : undefined);
  const config = loadConfig(instead?.config ?? (await written()));
  const shipped = join(installationFolder, 'actions');
  const entries = await discoverAgents([
    shipped,
    ...config.agents.map((agents) => join(folder, agents)),
  ]);
  const agents = new Set(entries.keys());
  const actionFolders = new Map<string, string>();
  for (const [name, entry] of entries) {
    const action = join(shipped, basename(entry.folder));
    if (entry.folder === action && existsSync(join(action, 'action.yml'))) {
      actionFolders.set(name, basename(action));
    }
  }
  const own = instead?.flows ?? (await flowFiles(folder));
  const shippedFlow = `flows/${config.flow}.yaml`;
  const sources =
    own.length > 0 ? own : [await readSource(join(installationFolder, shippedFlow), shippedFlow)];
  return { config, actionFolders, flows: sources.map((source) => loadFlow(source, { agents })) };
};

/** Whether a workflow of that path is one that Pantheon compiles, also where its flow is gone. */
export const isCompiled = (path: string): boolean =>
  /^\.github\/workflows\/(?:night-.+|spec-intake)\.yml$/.test(path);

/** Workflows by their path in the repository. @throws UserError for settings that do not fit. */
export const compiledWorkflows = async (
  folder: string,
  instead?: FlowSources,
): Promise<ReadonlyMap<string, string>> => {
  const { config, flows, actionFolders } = await readFlowFolder(folder, instead);
  const { actions } = config.github;
  if (actions === undefined && !isPantheon(folder)) {
    throw new UserError(
      'github.actions is missing. Add the line `actions: OWNER/pantheon@COMMIT` under `github:`, with all 40 digits of the release that the workflows use.',
      { place: { file: configName } },
    );
  }
  const nights = flows.map((flow) => {
    const settings = settingsOf(config, flow, actionFolders);
    return { path: workflowPath(flow), text: compileFlow(flow, settings), settings };
  });
  refuseCrowd(nights.map(({ settings }) => settings));
  const workflows = new Map(nights.map(({ path, text }) => [path, text]));
  const [first] = nights;
  if (first) {
    const { server, intakeRunsOn = intakeRunners[server] } = config.github;
    workflows.set(intakePath, compileIntake({ ...first.settings, intakeRunsOn }));
    const { train } = config.github;
    if (train) workflows.set(trainPath, compileTrain({ ...first.settings, train }));
  }
  return workflows;
};

/** Whoever may file an issue starts this job: never on a runner of the night's, unless told so. */
const intakeRunners: Readonly<Record<CompileSettings['server'], readonly string[]>> = {
  'github.com': ['ubuntu-latest'],
  enterprise: ['self-hosted', 'pantheon-intake'],
};

const settingsOf = (
  { github }: Config,
  { name }: Flow,
  actionFolders: FlowFolder['actionFolders'],
): CompileSettings => {
  const { schedule, runsOn, stateRunsOn = runsOn, shards, timeout, ...rest } = github;
  const cron = typeof schedule === 'string' ? schedule : schedule[name];
  if (cron === undefined) {
    throw new UserError(`github.schedule has no entry for the flow "${name}". Add one.`, {
      place: { file: configName },
    });
  }
  const timeoutMinutes = Math.max(1, Math.ceil(timeout / 60_000));
  return { ...rest, schedule: cron, runsOn, stateRunsOn, shards, timeoutMinutes, actionFolders };
};

/** @throws UserError where GitHub would cancel nights that wait, and cannot be told not to. */
const refuseCrowd = (nights: readonly CompileSettings[]): void => {
  const together = Map.groupBy(nights, ({ schedule }) => schedule);
  for (const [schedule, { length }] of together) {
    if (length <= 2 || nights[0]?.server !== 'enterprise') continue;
    throw new UserError(
      `github.schedule: ${length} flows start at "${schedule}", but an Enterprise Server lets one night wait and cancels the others. Give each flow its own time.`,
      { place: { file: configName } },
    );
  }
};

/** Pantheon's own repository uses its own actions. */
export const isPantheon = (folder: string): boolean =>
  existsSync(join(folder, 'actions/run-node/action.yml'));

/** Workflows in a folder, by path, night or not. */
export const presentWorkflows = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const place = '.github/workflows';
  const names = await readdir(join(folder, place)).catch((): string[] => []);
  const paths = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => `${place}/${name}`);
  return new Map(
    await Promise.all(
      paths.sort().map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const),
    ),
  );
};
