// SPDX-License-Identifier: GPL-3.0-only
import { lstat, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerOf, processNamespace } from '../data/temporary-folder.ts';
import { removeTree } from './read-only-folder.ts';

/**
 * Removes what processes of this user left in the temporary folder when they were killed; what may
 * still be in use stays. Says how many folders went.
 */
export const sweepTemporaryFolders = async (folder = tmpdir()): Promise<number> => {
  const names = await readdir(folder).catch(() => []);
  let removed = 0;
  for (const name of names) {
    const owner = ownerOf(name);
    if (!owner || owner.namespace !== processNamespace() || isAlive(owner.pid)) continue;
    const path = join(folder, name);
    const stat = await lstat(path).catch(() => undefined);
    if (!stat?.isDirectory() || stat.uid !== process.getuid?.()) continue;
    // Two nights may sweep at once, and what cannot be removed harms nobody.
    await removeTree(path).then(
      () => {
        removed += 1;
      },
      () => {},
    );
  }
  return removed;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};
