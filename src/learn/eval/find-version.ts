// SPDX-License-Identifier: GPL-3.0-only
import { dirname } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { type ModelStore, resolveModel } from '../../engine/models/model-files.ts';
import type { EvalCandidate } from './result.ts';
import { readTrainedVersion, type TrainedVersion } from './trained-version.ts';

/** An adapter in the models folder, with what is told of it. */
export type FoundVersion = { readonly candidate: EvalCandidate; readonly facts: TrainedVersion };

/**
 * Reads a trained version and holds it to what it says: its rank, and the base where that is here.
 * @throws UserError where it is missing or was made for something else.
 */
export const findVersion = async (
  agent: string,
  version: number,
  models: ModelStore,
): Promise<FoundVersion> => {
  const name = adapterName({ agent, version });
  const { path, digest, form } = await resolveModel(name, { setting: name, models }, 'adapter');
  const folder = form === 'gguf' ? dirname(path) : path;
  const facts = readTrainedVersion(folder, name);
  const base = await resolveModel(facts.base.name, { setting: name, models }).catch(
    () => undefined,
  );
  if (base && base.digest !== facts.base.digest) {
    throw new UserError(
      `${name} was trained on ${facts.base.name} with sha256 ${facts.base.digest}, and the one at ${base.path} has ${base.digest}. Fetch that base again, or train on this one`,
    );
  }
  const { dataset, recipe } = facts;
  const candidate = { version, adapter: digest, base: facts.base, rank: recipe.rank, dataset };
  return { candidate, facts };
};
