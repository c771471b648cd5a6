// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openBaseTree } from '../../src/workspace/base-tree.ts';
import { git } from '../../src/workspace/git.ts';

/** A commit's files by path: mode and bytes. */
export type Tree = ReadonlyMap<string, { readonly mode: string; readonly bytes: Buffer }>;

const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost'];

/** A new git repository with exactly these bytes as its one commit: no filters, nothing ignored. */
export const createRepository = async (
  folder: string,
  files: ReadonlyMap<string, Buffer>,
): Promise<void> => {
  for (const [path, bytes] of files) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  await git(folder, ['init', '--quiet', '--initial-branch=main']);
  await git(folder, ['config', 'core.autocrlf', 'false']);
  await git(folder, ['add', '--all', '--force']);
  await git(folder, [...who, 'commit', '--quiet', '--message', 'Begin']);
};

/** Everything a commit holds. */
export const readTree = async (folder: string, commit: string): Promise<Tree> => {
  const base = await openBaseTree(folder, commit);
  try {
    const files = new Map<string, { mode: string; bytes: Buffer }>();
    for (const [path, { mode, oid }] of base.entries) {
      files.set(path, { mode, bytes: Buffer.from(await base.read(oid)) });
    }
    return files;
  } finally {
    await base.close();
  }
};

/** Merges branches into what is checked out, one after the other as a person would. */
export const mergeBranches = async (folder: string, branches: readonly string[]): Promise<void> => {
  for (const branch of branches) {
    await git(folder, [...who, 'merge', '--quiet', '--no-edit', branch]);
  }
};
