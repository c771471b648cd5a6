// SPDX-License-Identifier: GPL-3.0-only
import type { Chores } from '../../chore/chores.ts';
import { committedChores } from '../../night/open/open-setup.ts';
import { readCommit } from '../../night/open/read-commit.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import { locate } from './state.ts';

/** The chores that ship and those of a commit; by default of the one that is checked out. */
export const repositoryChores = async (repo: string, commit?: string): Promise<Chores> => {
  const { repository, state } = await locate(repo);
  const base = await openBaseTree(repository.root, commit ?? repository.head);
  try {
    return await (await committedChores(await readCommit(base), state.code))();
  } finally {
    await base.close();
  }
};
