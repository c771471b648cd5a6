// SPDX-License-Identifier: GPL-3.0-only
import { type Dirent, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../data/temporary-folder.ts';
import { SandboxFault } from './executor.ts';

/**
 * Makes sure that `target`, relative to `root`, is a folder there reached through folders only. What
 * mounts on it follows links while the host is still in sight, so a link is never passed.
 * @throws SandboxFault when a part of the path is a link or a file, or leads out of `root`.
 */
export const makeMountPoint = async (root: string, target: string): Promise<string> => {
  const parts = target.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new SandboxFault(`"${target}" is not a plain path inside the working folder`);
  }
  let folder = root;
  for (const part of parts) {
    folder = join(folder, part);
    const stat = await lstat(folder).catch(() => undefined);
    if (stat === undefined) await mkdir(folder);
    else if (!stat.isDirectory()) {
      throw new SandboxFault(`"${target}" cannot be shown: "${part}" in it is not a folder`);
    }
  }
  return folder;
};

/**
 * A new folder of links that looks like `source`, with empty folders `scratch` of its own: a
 * read-only mount has no place to mount anything writable on. `seenAt` is where the command sees
 * `source`. Links that `source` holds itself are copied, so that relative ones (npm workspaces)
 * lead to the tree beside the new folder.
 */
export const makeLinkFolder = async (
  source: string,
  seenAt: string,
  scratch: readonly string[],
): Promise<string> => {
  const made = await makeTemporaryFolder('links');
  fillWithLinks(source, seenAt, made, scratch);
  for (const name of scratch) mkdirSync(join(made, name));
  return made;
};

/**
 * Fills `folder` with links to the entries of `source` but `except`; see `makeLinkFolder`. One after
 * the other: several threads that write into one folder at once mostly wait for its lock.
 */
export const fillWithLinks = (
  source: string,
  seenAt: string,
  folder: string,
  except: readonly string[] = [],
): void => {
  const link = (entry: Dirent): void => {
    const { name } = entry;
    const made = join(folder, name);
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(join(source, name)), made);
    else if (name.startsWith('@') && entry.isDirectory()) {
      // A scope's folder (@scope/name) may hold links of its own.
      mkdirSync(made);
      fillWithLinks(join(source, name), join(seenAt, name), made);
    } else symlinkSync(join(seenAt, name), made);
  };
  readdirSync(source, { withFileTypes: true })
    .filter(({ name }) => !except.includes(name))
    .forEach(link);
};

/** Removes a folder that `makeLinkFolder` has made; nothing can have changed it. */
export const removeLinkFolder = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true });

/** Removes a tree, even where a process in it removed its own permissions. */
export const removeTree = async (folder: string): Promise<void> => {
  const remove = () => rm(folder, { recursive: true, force: true });
  await remove().catch(async () => {
    await openFolders(folder);
    await remove();
  });
};

const openFolders = async (folder: string): Promise<void> => {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(folder, entry.name));
  }
};
