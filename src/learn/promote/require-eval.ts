// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import type { Registry } from '../../engine/models/registry.ts';
import { registryName } from '../../engine/models/registry-names.ts';
import { readAgainst } from '../eval/incumbent.ts';
import type { KeptEval } from '../eval/kept-eval.ts';
import type { EvalCandidate } from '../eval/result.ts';

type Judgeable = {
  readonly agent: string;
  readonly candidate: EvalCandidate;
  readonly registry: Registry;
};

/** The evaluation of just this adapter against the champion of today. @throws UserError where there is none. */
export const requireEval = (
  kept: KeptEval | undefined,
  { agent, candidate, registry }: Judgeable,
): KeptEval => {
  const name = adapterName({ agent, version: candidate.version });
  const again = `Run "pantheon eval ${name}" again`;
  if (!kept) throw new UserError(`${name} was not evaluated. Run "pantheon eval ${name}" first`);
  const { result } = kept;
  if (result.candidate.dataset !== candidate.dataset) {
    throw new UserError(
      `${name} was trained on the dataset ${candidate.dataset}, and evaluated as one of ${result.candidate.dataset}: it is another adapter. ${again}`,
    );
  }
  if (result.candidate.adapter !== candidate.adapter) {
    throw new UserError(
      `the files of ${name} have changed since it was evaluated: sha256 ${result.candidate.adapter} then, ${candidate.adapter} now. Put them back, or ${again.replace('Run', 'run')}`,
    );
  }
  const { incumbent } = readAgainst(undefined, registry, agent);
  const isFirst = incumbent.adapter === undefined;
  if (!isFirst && result.incumbent.adapter !== incumbent.adapter) {
    throw new UserError(
      `${name} was compared with ${result.incumbent.name}, and the champion is ${incumbent.name}. ${again}`,
    );
  }
  if (isFirst && result.incumbent.adapter !== undefined) {
    throw new UserError(
      `${name} was compared with ${result.incumbent.name}, and ${registryName} has no champion of ${agent}. ${again}`,
    );
  }
  return kept;
};
