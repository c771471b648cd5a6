// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { SpecFile } from '../../src/spec/schema.ts';
import type { Vault } from './vaults.ts';

const normalise = {
  flow: 'docops',
  acceptance: [
    'The frontmatter of every note is normalised',
    'Every note has a title',
    'The body of every note is unchanged',
  ],
};

/** One spec over everything, its limits raised to what that is. */
export const oneSpec = (vault: Vault): readonly SpecFile[] => [
  {
    ...normalise,
    id: 'all-notes',
    title: 'Normalise all notes',
    scope: ['**/*.md', '**/*.markdown'],
    limits: { maxFiles: vault.size, maxLines: 500_000 },
  },
];

/** Folders that hold documents, with how many, in a steady order. */
const foldersOf = (vault: Vault): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const path of vault.keys()) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
};

/** One spec for each folder that holds documents, with raised limits only where they need them. */
export const specPerFolder = (vault: Vault): readonly SpecFile[] =>
  [...foldersOf(vault)].map(([folder, files], index) => {
    const prefix = folder === '.' ? '' : `${folder}/`;
    return {
      ...normalise,
      id: `folder-${String(index).padStart(3, '0')}`,
      title: `Normalise the notes in ${folder}`,
      scope: [`${prefix}*.md`, `${prefix}*.markdown`],
      ...(files > 50 && { limits: { maxFiles: files, maxLines: files * 50 } }),
    };
  });

const header = {
  title: 'Add header',
  acceptance: ['All *.md have GPL header'],
};

/** The header chore, as the shortest spec there is but for its limits. */
export const headerSpec = (vault: Vault): readonly SpecFile[] => [
  {
    ...header,
    id: 'add-header',
    scope: 'docs/',
    limits: { maxFiles: vault.size, maxLines: vault.size * 10 },
  },
];

/** The same, one spec for each folder. */
export const headerPerFolder = (vault: Vault): readonly SpecFile[] =>
  [...foldersOf(vault)].map(([folder, files], index) => ({
    ...header,
    id: `header-${String(index).padStart(3, '0')}`,
    scope: `${folder}/*.md`,
    ...(files > 50 && { limits: { maxFiles: files, maxLines: files * 10 } }),
  }));

/** Writes specs as files into a new folder. */
export const writeSpecs = async (folder: string, specs: readonly SpecFile[]): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const { id = 'spec', ...spec } of specs) {
    await writeFile(join(folder, `${id}.json`), `${JSON.stringify(spec, null, 2)}\n`);
  }
};
