// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { trySigning } from '../../forge/sign-commit.ts';
import type { Repository } from '../../workspace/repository.ts';
import { uncommitted } from '../open/base-files.ts';
import type { Setup } from '../open/open-setup.ts';
import type { CommittedFiles } from '../open/read-commit.ts';
import { createNightFolder, writeNight } from '../record/night-folder.ts';
import type { Night } from '../record/night-schemas.ts';
import { shardCount } from '../record/shard.ts';
import { type DecideNightOptions, decideNight, type NightDecision } from './decide-night.ts';

export type CreateNightOptions = Omit<DecideNightOptions, 'branch'> & {
  readonly repository: Repository;
  /** Over how many shards the night's jobs may be spread; absent: it is worked in this process. */
  readonly shards?: number | undefined;
  /** Protections that the sandbox lacks on this machine, a line each. */
  readonly missing: readonly string[];
  /** Tells the person what is going on, a line at a time. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

/** A night that is decided and lies in its folder; the setup is the caller's to close. */
export type CreatedNight = {
  readonly setup: Setup;
  readonly night: Night;
  readonly folder: string;
};

/** Collects the queue and writes `night.json` into a new folder below the state folder's traces. */
export const createNight = async (options: CreateNightOptions): Promise<CreatedNight> => {
  const { repository, commit, signal, say } = options;
  const notices = [...options.missing, ...(await ignoredFiles(options, repository, commit))];
  for (const line of notices) say(line);
  const decision = await decideNight({ ...options, branch: repository.branch });
  const { setup } = decision;
  try {
    signal.throwIfAborted();
    await checkSigning(repository, decision);
    return { setup, ...(await write(options, decision, notices)) };
  } catch (error) {
    await setup.close();
    throw error;
  }
};

/** A key that is missing or locked is told before the work and not after it. */
const checkSigning = async (
  { root }: Repository,
  { night: { base, config, specs } }: NightDecision,
): Promise<void> => {
  const { sign, committer } = config.commit;
  if (sign !== true || specs.every(({ skip }) => skip !== undefined)) return;
  await trySigning(root, base.commit, committer);
};

const write = async (
  { state, startedAt, say, shards }: CreateNightOptions,
  decision: NightDecision,
  notices: readonly string[],
): Promise<Pick<CreatedNight, 'night' | 'folder'>> => {
  const mistakes = decision.mistakes.map(({ message }) => message);
  const { specs, refused = [] } = decision.night;
  // Where an issue is refused, the night goes on to say so below it.
  if (mistakes.length > 0 && specs.length === 0 && refused.length === 0) {
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
    ...(shards !== undefined && { shards: shardCount(specs, shards) }),
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
  { config }: CommittedFiles,
): Promise<readonly string[]> => {
  // A bare repository has no checkout.
  if (root === gitDir) return [];
  const paths = ['pantheon.yaml', 'models.lock', 'flows', ...config.agents, ...config.tools];
  const names = await uncommitted(root, specs === undefined ? [...paths, 'specs'] : paths);
  return names.length === 0 ? [] : [`Not committed and so not used: ${firstFew(names)}.`];
};
