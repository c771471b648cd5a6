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
import type { BundleContents } from './bundle-codec.ts';

/**
 * Writes a bundle as plain files. `manifest.json` comes last and by rename: until it is there the
 * folder does not count as a bundle, and writing again starts over.
 */
export const writeBundleFolder = (folder: string, contents: BundleContents): void => {
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

/** Whether the folder is a finished bundle. */
export const isBundleFolder = (folder: string): boolean => existsSync(join(folder, manifestName));

/**
 * Contents of a bundle in plain files.
 * @throws BundleFault for a file that is a link, too large or not of a bundle.
 */
export const readBundleFolder = (folder: string): BundleContents => {
  const contents = new Map<string, Buffer>();
  const allowedNames: ReadonlySet<string> = new Set([...bundleFileNames, manifestName]);
  let total = 0;
  for (const name of readdirSync(folder)) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    if (!allowedNames.has(name)) throw new BundleFault(path, 'is not a file of a bundle');
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
export const listBundleFolders = (specFolder: string): readonly string[] =>
  addressFolders(specFolder).flatMap((unit) =>
    addressFolders(join(specFolder, unit))
      .filter((node) => isBundleFolder(join(specFolder, unit, node)))
      .map((node) => `${unit}/${node}`),
  );

/** Names of the folders in a folder that can be part of an address; none where it is missing. */
export const addressFolders = (folder: string): readonly string[] =>
  folderEntries(folder)
    .filter((entry) => entry.isDirectory() && isSegment(entry.name))
    .map(({ name }) => name);

/** Entries of a folder, none where it is missing. */
export const folderEntries = (folder: string): readonly Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};
