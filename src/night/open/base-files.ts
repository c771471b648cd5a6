// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestOf } from '../../data/digest.ts';
import { decodeSource, type Source } from '../../data/read-source.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { git, withoutFilters } from '../../workspace/git.ts';

/** A file of the base commit as text. @throws UserError when it is too large or not UTF-8. */
export const readBaseFile = async (
  base: BaseTree,
  path: string,
  maxBytes?: number,
): Promise<Source | undefined> => {
  const entry = base.entries.get(path);
  if (!entry?.mode.startsWith('100')) return undefined;
  return decodeSource(await base.read(entry.oid), path, maxBytes);
};

/** Plain files of the base commit directly in a folder. */
export const listBaseFolder = (base: BaseTree, folder: string): readonly string[] =>
  [...base.entries].flatMap(([path, { mode }]) =>
    mode.startsWith('100') &&
    path.startsWith(`${folder}/`) &&
    !path.includes('/', folder.length + 1)
      ? [path]
      : [],
  );

/**
 * The committed agents or tools of a repository as real files that can be imported, in a folder
 * named by their digest: what runs is what was committed, never the checkout.
 */
export const extractBaseFolder = async (
  base: BaseTree,
  folder: string,
  into: string,
): Promise<string | undefined> => {
  const files = [...base.entries].filter(
    ([path, { mode }]) => path.startsWith(`${folder}/`) && mode.startsWith('100'),
  );
  if (files.length === 0) return undefined;
  const target = join(into, digestOf(files.map(([path, { oid }]) => [path, oid])).slice(0, 16));
  const extracted = await stat(target).catch(() => undefined);
  if (extracted) return join(target, folder);
  await mkdir(into, { recursive: true });
  const making = await mkdtemp(`${target}.`);
  for (const [path, { oid }] of files) {
    await mkdir(dirname(join(making, path)), { recursive: true });
    await writeFile(join(making, path), await base.read(oid));
  }
  // What lies above the state folder must not make CommonJS of them.
  await writeFile(join(making, 'package.json'), '{ "type": "module" }\n');
  await rename(making, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(making, { recursive: true });
    // Another setup was faster, with the same files.
    if (error.code !== 'ENOTEMPTY') throw error;
  });
  return join(target, folder);
};

/** Files under these paths that differ from the commit: a night does not use the difference. */
export const uncommitted = async (
  repository: string,
  paths: readonly string[],
): Promise<readonly string[]> => {
  const args = [
    'status',
    '--porcelain',
    '-z',
    '--untracked-files=all',
    // A submodule has a configuration of its own, with filters of its own.
    '--ignore-submodules=all',
    // A rename would be told as one entry of two names.
    '--no-renames',
    '--',
    ...paths,
  ];
  const { stdout } = await git(repository, args, { env: await withoutFilters(repository) });
  return stdout
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((line) => line.slice(3))
    .sort();
};
