// SPDX-License-Identifier: GPL-3.0-only
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { digestOf } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { blobOid } from '../../workspace/blob-oid.ts';
import { treeIndexOf } from '../../workspace/tree-index.ts';
import { filesBelow } from './base-files.ts';

/**
 * The committed agents, chores or tools of a repository as real files that can be imported, in a
 * folder named by their digest: what runs is what was committed, never the checkout.
 * @throws UserError for a path that is not extracted, and where an earlier copy was altered.
 */
export const extractBaseFolder = async (
  base: BaseTree,
  folder: string,
  into: string,
): Promise<string | undefined> => {
  const files = filesBelow(base, folder).map(([path, { oid }]) => [path, oid] as const);
  if (files.length === 0) return undefined;
  const target = join(into, digestOf(files).slice(0, 16));
  if (!(await lstat(target).catch(() => undefined))) await extract(base, files, target);
  const { oidLength } = treeIndexOf(base);
  const expected = new Map([...files, [packageName, blobOid(packageText, oidLength)]]);
  const altered = await alteredIn(target, expected, oidLength);
  if (altered === undefined) return join(target, folder);
  throw new UserError(
    `${altered} is not what was committed, and code from there would run. Delete this folder: it is written again from the commit`,
    { place: { file: target } },
  );
};

type Files = readonly (readonly [path: string, oid: string])[];

/** What lies above the state folder must not make CommonJS of the files. */
const packageName = 'package.json';
const packageText = Buffer.from('{ "type": "module" }\n');

const extract = async (base: BaseTree, files: Files, target: string): Promise<void> => {
  await mkdir(dirname(target), { recursive: true });
  const making = await mkdtemp(`${target}.`);
  for (const [path, oid] of files) {
    await mkdir(dirname(join(making, path)), { recursive: true });
    await writeFile(join(making, path), await base.read(oid));
  }
  await writeFile(join(making, packageName), packageText);
  await rename(making, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(making, { recursive: true });
    // Another setup was faster, with the same files.
    if (error.code !== 'ENOTEMPTY') throw error;
  });
};

/** The first path of a folder that is not as expected, if one is; it must hold these files and no others. */
const alteredIn = async (
  target: string,
  expected: ReadonlyMap<string, string>,
  oidLength: number,
): Promise<string | undefined> => {
  if (!(await lstat(target)).isDirectory()) return 'it';
  const missing = new Set(expected.keys());
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(target, file);
    if (entry.isDirectory()) continue;
    if (!entry.isFile() || !missing.delete(path)) return path;
    if (blobOid(await readFile(file), oidLength) !== expected.get(path)) return path;
  }
  const [first] = missing;
  return first;
};
