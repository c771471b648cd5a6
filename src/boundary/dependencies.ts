// SPDX-License-Identifier: GPL-3.0-only
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../data/digest.ts';
import type { BaseTree } from '../workspace/base-tree.ts';
import type { ReadOnlyMount } from './executor.ts';

/** A `node_modules` folder on this machine and the folder of the tree that it belongs in. */
export type ModulesFolder = {
  readonly source: string;
  /** From the top of the repository, `''` for the top itself. */
  readonly folder: string;
};

/**
 * Finds the `node_modules` folders that serve a package folder of the repository (`''` is its top),
 * innermost first; none where nothing was prepared. Nothing is ever installed here.
 */
export type DependencyFinder = (packageFolder: string) => Promise<readonly ModulesFolder[]>;

export type DependencyPlaces = {
  /** The committed tree whose lockfiles count. */
  readonly base: BaseTree;
  /** Where `pantheon deps` prepared them: `<state>/deps/<sha256 of the lockfile>/node_modules`. */
  readonly stateFolder: string;
  /** The user's checkout, whose own installation serves where nothing was prepared. */
  readonly repository: string;
  /** A `node_modules` folder that serves in the end, for the example night. */
  readonly fallback?: string;
};

/** Of several in one folder the first counts. */
export const lockfileNames = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'] as const;

/** The lockfile of a folder of the tree. */
export const lockfileIn = ({ entries }: BaseTree, folder: string): string | undefined =>
  lockfileNames.map((name) => joinFolder(folder, name)).find((path) => entries.has(path));

/** `<state>/deps/<sha256 of the lockfile>`, the folder prepared for a lockfile. */
export const preparedFolder = (stateFolder: string, lockfile: Uint8Array): string =>
  join(stateFolder, 'deps', sha256(lockfile));

/** A folder of the tree and the ones around it, innermost first, down to the top `''`. */
export const foldersUp = (folder: string): readonly string[] => {
  const parts = folder === '' ? [] : folder.split('/');
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('/')), ''];
};

/** The first of these that has any: prepared under the lockfile's digest, installed, the fallback. */
export const resolveDependencies =
  ({ base, stateFolder, repository, fallback }: DependencyPlaces): DependencyFinder =>
  async (packageFolder) => {
    const around = foldersUp(packageFolder);
    const prepared = await findPrepared(base, stateFolder, around);
    if (prepared.length > 0) return prepared;
    const installed = await existing(
      around.map((folder) => ({ folder, source: join(repository, folder, 'node_modules') })),
    );
    if (installed.length > 0) return installed;
    return existing(fallback === undefined ? [] : [{ folder: packageFolder, source: fallback }]);
  };

const findPrepared = async (
  base: BaseTree,
  stateFolder: string,
  around: readonly string[],
): Promise<readonly ModulesFolder[]> => {
  const top = around.find((folder) => lockfileIn(base, folder) !== undefined);
  const lockfile = top === undefined ? undefined : base.entries.get(lockfileIn(base, top) ?? '');
  if (top === undefined || lockfile === undefined) return [];
  const prepared = preparedFolder(stateFolder, await base.read(lockfile.oid));
  const covered = around.slice(0, around.indexOf(top) + 1);
  return existing(
    covered.map((folder) => ({
      folder,
      source: join(prepared, folder.slice(top.length), 'node_modules'),
    })),
  );
};

const existing = async (
  candidates: readonly ModulesFolder[],
): Promise<readonly ModulesFolder[]> => {
  const matches = await Promise.all(
    candidates.map(async (candidate) => {
      const source = await realpath(candidate.source).catch(() => undefined);
      const isFolder = source !== undefined && (await stat(source)).isDirectory();
      return isFolder ? [{ ...candidate, source }] : [];
    }),
  );
  return matches.flat();
};

/** Joins a folder of the tree and a name. */
export const joinFolder = (folder: string, name: string): string =>
  folder === '' ? name : `${folder}/${name}`;

/** What tools write into `node_modules`: most into the first, vite into the others. */
export const writtenByTools = ['.cache', '.vite', '.vite-temp'];

/** How a command is shown these folders; what tools write there stays writable. */
export const readOnlyModules = (modules: readonly ModulesFolder[]): readonly ReadOnlyMount[] =>
  modules.map(({ folder, source }) => ({
    source,
    target: joinFolder(folder, 'node_modules'),
    scratch: writtenByTools,
  }));
