// SPDX-License-Identifier: GPL-3.0-only
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressFolders } from './bundle-folder.ts';

/** Beside `night.json` of a night whose bundles were removed. */
export const prunedName = 'pruned.json';

/** Where they wait to be removed; its name is no spec's. */
const binName = '.pruned';

/** The specs of a night that left something, and the bytes of it. */
export type LeftBundles = { readonly specs: readonly string[]; readonly bytes: number };

/** What `pruneBundles` would remove. Links are not followed: one in the place of a spec is left alone. */
export const leftBundles = (nightFolder: string): LeftBundles => {
  const specs = addressFolders(nightFolder).toSorted();
  return {
    specs,
    bytes: specs.reduce((sum, spec) => sum + bytesIn(join(nightFolder, spec)), 0),
  };
};

const bytesIn = (path: string): number => {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
};

/**
 * Removes all specs' folders of a night. First it is written down that they are, then each is moved aside, then what
 * was moved is removed: killed anywhere, no spec is there by half, and the next run goes on.
 */
export const pruneBundles = (nightFolder: string, { specs }: LeftBundles): void => {
  const mark = join(nightFolder, prunedName);
  writeFileSync(`${mark}.new`, '{"version":1}\n');
  renameSync(`${mark}.new`, mark);
  emptyBin(nightFolder);
  const bin = join(nightFolder, binName);
  mkdirSync(bin);
  for (const spec of specs) renameSync(join(nightFolder, spec), join(bin, spec));
  emptyBin(nightFolder);
};

/** Removes what a run that was killed had moved aside. */
export const emptyBin = (nightFolder: string): void =>
  rmSync(join(nightFolder, binName), { recursive: true, force: true });
