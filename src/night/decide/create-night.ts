// SPDX-License-Identifier: GPL-3.0-only
import { loadConfig } from '../../config/load-config.ts';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import type { Forge } from '../../forge/forge.ts';
import { type BaseTree, openBaseTree } from '../../workspace/base-tree.ts';
import type { Repository } from '../../workspace/repository.ts';
import { uncommitted } from '../open/base-files.ts';
import { configSource, type Setup } from '../open/open-setup.ts';
import { createNightFolder, writeNight } from '../record/night-folder.ts';
import type { Night } from '../record/night-record.ts';
import { shardCount } from '../record/shard.ts';
import { type DecideNightOptions, decideNight, type NightDecision } from './decide-night.ts';

export type CreateNightOptions = Omit<DecideNightOptions, 'base' | 'branch' | 'forge'> & {
  /** Over how many shards the night's jobs may be spread; absent: it is worked in this process. */
  readonly shards?: number | undefined;
  /** Tells the person what is going on, a line at a time. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

/** A night that is decided and lies in its folder; base and setup are the caller's to close. */
export type CreatedNight = {
  readonly base: BaseTree;
  readonly setup: Setup;
  readonly night: Night;
  readonly folder: string;
};

/** Collects the queue and writes `night.json` into a new folder below the state folder's traces. */
export const createNight = async (
  options: CreateNightOptions,
  repository: Repository,
  forge: Forge,
): Promise<CreatedNight> => {
  const base = await openBaseTree(repository.root, repository.head);
  let setup: Setup | undefined;
  try {
    const notices = await ignoredFiles(options, repository, base);
    for (const line of notices) options.say(line);
    const decision = await decideNight({ ...options, base, branch: repository.branch, forge });
    ({ setup } = decision);
    options.signal.throwIfAborted();
    const night = await write(options, decision, notices);
    return { base, setup, ...night };
  } catch (error) {
    await setup?.close();
    await base.close();
    throw error;
  }
};

const write = async (
  { state, startedAt, say, shards }: CreateNightOptions,
  decision: NightDecision,
  notices: readonly string[],
): Promise<Pick<CreatedNight, 'night' | 'folder'>> => {
  const mistakes = decision.mistakes.map(({ message }) => message);
  if (mistakes.length > 0 && decision.night.specs.length === 0) {
    throw new UserError(mistakes.join('\n'), { cause: decision.mistakes[0] });
  }
  const findings = [
    ...notSpecs(decision.ignored),
    ...decision.notices,
    ...findingLines(decision.setup),
  ];
  for (const line of [...mistakes, ...findings]) say(line);
  const { id, folder } = await createNightFolder(state.traces, startedAt);
  const night: Night = {
    ...decision.night,
    id,
    ...(shards !== undefined && { shards: shardCount(decision.night.specs, shards) }),
    notices: [...notices, ...findings],
    mistakes,
  };
  await writeNight(folder, night);
  return { night, folder };
};

/** What a preflight found, for the person and the report. */
export const findingLines = ({ findings: { faults, warnings } }: Setup): readonly string[] => [
  ...faults.map((fault) => `${fault}. Specs that need it go to a red bin.`),
  ...warnings,
];

/** What lies beside the specs and could have been meant as one is named. */
const notSpecs = (names: readonly string[]): readonly string[] =>
  names.length === 0
    ? []
    : [
        `Not read as specs: ${firstFew(names)}. A spec's name ends in .yaml, .yml or .json and begins with no dot.`,
      ];

const firstFew = (names: readonly string[]): string => {
  const shown = names.slice(0, 5).map((name) => printable(name));
  return `${shown.join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
};

/** What lies in the checkout and was not committed is named and not used. */
const ignoredFiles = async (
  { specs }: Pick<CreateNightOptions, 'specs'>,
  { root, gitDir }: Repository,
  base: BaseTree,
): Promise<readonly string[]> => {
  // A bare repository has no checkout.
  if (root === gitDir) return [];
  const paths = ['pantheon.yaml', 'models.lock', 'flows', ...(await codeFolders(base))];
  const names = await uncommitted(root, specs === undefined ? [...paths, 'specs'] : paths);
  return names.length === 0 ? [] : [`Not committed and so not used: ${firstFew(names)}.`];
};

const codeFolders = async (base: BaseTree): Promise<readonly string[]> => {
  const source = await configSource(base).catch(() => undefined);
  try {
    const { agents, tools } = loadConfig(source);
    return [...agents, ...tools];
  } catch (error) {
    // Its mistakes are told when the night is decided.
    if (error instanceof UserError) return ['agents', 'tools'];
    throw error;
  }
};
