// SPDX-License-Identifier: GPL-3.0-only
import { rm } from 'node:fs/promises';
import { makeTemporaryFolder } from '../data/temporary-folder.ts';
import { GitFault, git } from './git.ts';
import { createScratchRepository, scratchEnvironment } from './scratch-repository.ts';

/**
 * Paths in which two commits do not merge; none where they do, `undefined` where git cannot say
 * (`git merge-tree --write-tree` came with 2.38). Nothing in the repository changes, and no merge
 * driver that its configuration names is run.
 */
export const mergeConflicts = async (
  repository: string,
  ours: string,
  theirs: string,
): Promise<readonly string[] | undefined> => {
  const scratch = await makeTemporaryFolder('merge');
  try {
    await createScratchRepository(repository, scratch);
    const form = ['--write-tree', '--name-only', '--no-messages', '-z'];
    await git(scratch, ['merge-tree', ...form, ours, theirs], { env: scratchEnvironment });
    return [];
  } catch (fault) {
    if (!(fault instanceof GitFault) || fault.code === undefined) throw fault;
    // 1 says that there are conflicts; everything else that it could not tell.
    if (fault.code !== 1) return undefined;
    const [, ...paths] = fault.stdout.split('\0').filter(Boolean);
    return [...new Set(paths)];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
