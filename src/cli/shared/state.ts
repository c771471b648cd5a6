// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  exampleMark,
  type StateFolder,
  stateAt,
  stateFolder,
} from '../../night/record/state-folder.ts';
import { type Repository, resolveRepository } from '../../workspace/repository.ts';

/**
 * A repository and its state folder. An example's vault has its state beside it, so that every
 * command works there without further options.
 */
export const locate = async (
  repo: string,
): Promise<{ readonly repository: Repository; readonly state: StateFolder }> => {
  const repository = await resolveRepository(repo);
  const beside = dirname(repository.root);
  const isExample = existsSync(join(beside, exampleMark));
  return { repository, state: isExample ? stateAt(beside) : stateFolder(repository.gitDir) };
};
