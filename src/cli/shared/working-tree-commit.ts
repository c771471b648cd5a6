// SPDX-License-Identifier: GPL-3.0-only
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../../data/temporary-folder.ts';
import { UserError } from '../../data/user-error.ts';
import { GitFault, git, withoutFilters } from '../../workspace/git.ts';
import type { Repository } from '../../workspace/repository.ts';

/**
 * A commit of the files as they lie in the checkout, ignored ones left out; on no branch, and the index
 * stays as it is. @throws UserError where git takes them not, as in a bare repository.
 */
export const commitWorkingTree = async ({ root, head }: Repository): Promise<string> => {
  const folder = await makeTemporaryFolder('index');
  try {
    const env = {
      ...(await withoutFilters(root)),
      GIT_INDEX_FILE: join(folder, 'index'),
      GIT_AUTHOR_NAME: 'pantheon',
      GIT_AUTHOR_EMAIL: 'pantheon@localhost',
      GIT_COMMITTER_NAME: 'pantheon',
      GIT_COMMITTER_EMAIL: 'pantheon@localhost',
    };
    const run = async (...args: readonly string[]): Promise<string> =>
      (await git(root, args, { env })).stdout.toString().trim();
    await run('read-tree', head);
    await run('add', '--all', '--', '.');
    return await run('commit-tree', '-p', head, '-m', 'working tree', await run('write-tree'));
  } catch (error) {
    if (!(error instanceof GitFault)) throw error;
    const [said = error.message] = error.stderr.split('\n');
    throw new UserError(`git cannot take the files as they are here: ${said}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
