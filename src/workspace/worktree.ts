// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeTemporaryFolder } from '../data/temporary-folder.ts';
import { git } from './git.ts';
import type { Overlay } from './overlay.ts';
import { parentsOf } from './path.ts';
import { createScratchRepository, scratchEnvironment } from './scratch-repository.ts';

/** A folder, and how git finds it where that is another path. */
export type TreePlace = {
  readonly path: string;
  readonly seenAt?: string;
  readonly enter?: readonly string[];
};

/**
 * Writes the patched tree as real files into a folder, which must be absent or empty. Nothing of the
 * user's checkout or repository is touched, no filter runs, line endings stay as stored. Symlinks
 * become plain files that hold their target, so none can lead out of the tree; submodules become
 * empty folders. What was written before a fault or an abort stays for the caller to remove.
 * @throws GitFault when the base commit cannot be read or holds a path that git refuses.
 */
export const writeWorktree = async (
  repository: string,
  overlay: Overlay,
  { path: folder, seenAt = folder, enter = [] }: TreePlace,
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> => {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new Error(`${folder} is not empty`);
  const scratch = await makeTemporaryFolder('index');
  try {
    await createScratchRepository(repository, scratch);
    const env = { ...scratchEnvironment, GIT_DIR: scratch, GIT_WORK_TREE: seenAt };
    const run = (args: readonly string[]) => git(scratch, args, { ...options, enter, env });
    await run(['read-tree', overlay.base.commit]);
    await run(['checkout-index', '--all', '--quiet']);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  await writeChanges(overlay, folder, options.signal);
};

/** Safe through plain paths: the folder holds no symlink, and the overlay has judged every name. */
const writeChanges = async (
  overlay: Overlay,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> => {
  for (const { path } of overlay.changes()) {
    signal?.throwIfAborted();
    const bytes = overlay.written(path);
    const place = join(folder, path);
    if (bytes) {
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, bytes);
    } else {
      await rm(place);
      await removeEmptyFolders(folder, path);
    }
  }
};

/** git keeps no empty folders, so neither does the tree. */
const removeEmptyFolders = async (folder: string, path: string): Promise<void> => {
  for (const parent of parentsOf(path)) {
    if ((await readdir(join(folder, parent))).length > 0) return;
    await rmdir(join(folder, parent));
  }
};
