// SPDX-License-Identifier: GPL-3.0-only
import { glob, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type Trial, variantsOf } from '../docs/variants.ts';

/** Documents by the path they have in a repository. */
export type Vault = ReadonlyMap<string, Trial>;

/** A folder's Markdown files as they are, dot folders too; empty where there is no such folder. */
export const readVault = async (folder: string): Promise<Vault> => {
  const paths: string[] = [];
  for (const pattern of ['**/*.{md,markdown}', '**/.*/**/*.{md,markdown}']) {
    for await (const found of glob(pattern, { cwd: folder })) paths.push(found);
  }
  const vault = new Map<string, Trial>();
  for (const path of [...new Set(paths)].sort()) {
    const bytes = await readFile(join(folder, path));
    vault.set(path, { path, variant: 'as it is', bytes });
  }
  return vault;
};

/**
 * `each` variants of every document, in turn, so that every variant is made of many documents. Each
 * lies beside its original's place and bears the variant in its name.
 */
export const makeVariants = (vault: Vault, each: number): Vault => {
  const made = new Map<string, Trial>();
  let turn = 0;
  for (const { path, bytes } of vault.values()) {
    const variants = variantsOf(path, bytes).filter(({ variant }) => variant !== 'as it is');
    for (let count = 0; count < each; count += 1, turn += 1) {
      const trial = variants[turn % variants.length];
      if (!trial) continue;
      const { dir, name, ext } = posix.parse(path);
      const slug = trial.variant.replace(/[^a-z0-9]+/gi, '-');
      const place = posix.join(dir, `${name}.${slug}${ext}`);
      made.set(place, { ...trial, path: place });
    }
  }
  return made;
};

/** The same documents below a folder. */
export const below = (folder: string, vault: Vault): Vault =>
  new Map(
    [...vault.values()].map((trial) => {
      const path = posix.join(folder, trial.path);
      return [path, { ...trial, path }];
    }),
  );
