// SPDX-License-Identifier: GPL-3.0-only
import {
  type Dirent,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { BundleFault, bundleFileNames, bundleLimits, isSegment, manifestName } from './bundle.ts';
import type { Contents } from './codec.ts';

/**
 * Writes a bundle as plain files. `manifest.json` comes last and by rename: until it is there the
 * folder reads as no bundle, and writing again starts over.
 */
export const writeFolder = (folder: string, contents: Contents): void => {
  for (const name of [manifestName, ...bundleFileNames])
    rmSync(join(folder, name), { force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of contents) {
    if (name !== manifestName) writeFileSync(join(folder, name), content);
  }
  const draft = join(folder, `.${manifestName}.${process.pid}`);
  writeFileSync(draft, contents.get(manifestName) ?? '');
  renameSync(draft, join(folder, manifestName));
};

/** Whether the folder holds a finished bundle. */
export const isBundleFolder = (folder: string): boolean => existsSync(join(folder, manifestName));

/**
 * Contents of a bundle in plain files.
 * @throws BundleFault for a file that is a link, too large or not of a bundle.
 */
export const readFolder = (folder: string): Contents => {
  const contents = new Map<string, Buffer>();
  const known: ReadonlySet<string> = new Set([...bundleFileNames, manifestName]);
  let total = 0;
  for (const name of readdirSync(folder)) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    if (!known.has(name)) throw new BundleFault(path, 'is no file of a bundle');
    const stat = lstatSync(path);
    total += stat.size;
    if (!stat.isFile()) throw new BundleFault(path, 'is not a plain file');
    if (stat.size > bundleLimits.fileBytes || total > bundleLimits.bundleBytes) {
      throw new BundleFault(path, `is larger than a bundle may be`);
    }
    contents.set(name, readFileSync(path));
  }
  return contents;
};

/** `unit/node` of the finished bundles below a spec's folder. */
export const listFolders = (specFolder: string): readonly string[] =>
  folders(specFolder).flatMap((unit) =>
    folders(join(specFolder, unit))
      .filter((node) => isBundleFolder(join(specFolder, unit, node)))
      .map((node) => `${unit}/${node}`),
  );

/** Names of the folders in a folder that can be part of an address; none where it is missing. */
export const folders = (folder: string): readonly string[] =>
  entriesOf(folder)
    .filter((entry) => entry.isDirectory() && isSegment(entry.name))
    .map(({ name }) => name);

/** Entries of a folder, none where it is missing. */
export const entriesOf = (folder: string): readonly Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};
