// SPDX-License-Identifier: GPL-3.0-only
import type { Attestation, HostCheck } from '../../boundary/attest/schema.ts';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import type { Repository } from '../../workspace/repository.ts';
import { uncommitted } from '../open/base-files.ts';
import type { Setup } from '../open/open-setup.ts';
import { rulesFolder } from '../open/own-rules.ts';
import type { SetupFiles } from '../open/setup-files.ts';
import type { Night } from '../record/night-schemas.ts';
import { shardCount } from '../record/shard.ts';
import { type DecideNightOptions, decideNight } from './decide-night.ts';
import { estimateLine } from './estimate-night.ts';

export type ComposeNightOptions = DecideNightOptions & {
  /** What the process that decides it found out about itself. */
  readonly attestation?: Attestation;
  /** What this machine allows the user of the night. */
  readonly host: readonly HostCheck[];
  /** What the person was told before, a line each. */
  readonly notices: readonly string[];
  /** Tells the person what is going on, a line at a time. */
  readonly say: (line: string) => void;
};

/** A night as `night.json` has it; the setup is the caller's to close. @throws UserError where nothing can be worked. */
export const composeNight = async (
  options: ComposeNightOptions,
): Promise<{ readonly setup: Setup; readonly night: Night }> => {
  const { id, say, notices, shards } = options;
  for (const line of notices) say(line);
  const { night: decided, setup, ...decision } = await decideNight(options);
  const mistakes = decision.mistakes.map(({ message }) => message);
  const { specs, refused = [] } = decided;
  // Where an issue is refused, the night goes on to say so below it.
  if (mistakes.length > 0 && specs.length === 0 && refused.length === 0) {
    await setup.close();
    throw new UserError(mistakes.join('\n'), { cause: decision.mistakes[0] });
  }
  const findings = [...notSpecs(decision.ignored), ...decision.notices, ...findingLines(setup)];
  for (const line of [...mistakes, ...findings]) say(line);
  const worked = specs.filter(({ skip }) => skip === undefined).length;
  if (decided.expected) say(estimateLine(decided.expected, worked));
  const night: Night = {
    ...decided,
    id,
    ...(shards !== undefined && { shards: shardCount(specs, shards) }),
    ...(options.attestation && { attestation: options.attestation }),
    host: [...options.host],
    notices: [...notices, ...findings],
    mistakes,
  };
  return { setup, night };
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
export const ignoredFiles = async (
  { root, gitDir }: Pick<Repository, 'root' | 'gitDir'>,
  { config }: Pick<SetupFiles, 'config'>,
  { specs }: { readonly specs?: string | undefined },
): Promise<readonly string[]> => {
  // A bare repository has no checkout.
  if (root === gitDir) return [];
  const paths = [
    ...['pantheon.yaml', 'models.lock', 'registry.yaml', 'flows', rulesFolder(config) ?? []].flat(),
    ...[...config.agents, ...config.chores, ...config.tools],
  ];
  const names = await uncommitted(root, specs === undefined ? [...paths, 'specs'] : paths);
  return names.length === 0 ? [] : [`Not committed and so not used: ${firstFew(names)}.`];
};
