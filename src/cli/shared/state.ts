// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printable } from '../../data/printable.ts';
import { followMove } from '../../night/record/moved-state.ts';
import {
  exampleMark,
  type StateFolder,
  stateAt,
  stateFolder,
} from '../../night/record/state-folder.ts';
import { type Repository, resolveRepository } from '../../workspace/repository.ts';

/** A repository and its state folder, which follows a repository that was moved. */
export const locate = async (
  repo: string,
): Promise<{ readonly repository: Repository; readonly state: StateFolder }> => {
  const repository = await resolveRepository(repo);
  const state = stateOf(repository);
  const line = await followMove(state, repository);
  if (line !== undefined) process.stderr.write(`${printable(line)}\n`);
  return { repository, state };
};

/**
 * Where the state of a repository lies. An example's vault has its state beside it, so that every
 * command works there without further options.
 */
export const stateOf = ({ root, gitDir }: Repository): StateFolder => {
  const beside = dirname(root);
  return existsSync(join(beside, exampleMark)) ? stateAt(beside) : stateFolder(gitDir);
};
