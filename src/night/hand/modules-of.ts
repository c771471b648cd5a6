// SPDX-License-Identifier: GPL-3.0-only
import { dirname } from 'node:path/posix';
import type { DependencyFinder } from '../../boundary/dependencies.ts';
import { memoiseByObject } from '../../data/memoise.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';

/** More packages than these are not looked for. */
const most = 200;

/** The folders of dependencies of all packages of a tree: what a sandbox of a code agent may show. */
export const modulesOf = async (
  base: BaseTree,
  dependencies: DependencyFinder,
): Promise<readonly string[]> => {
  const folders = packageFolders(base).slice(0, most);
  const modules = await Promise.all(folders.map(dependencies));
  return [...new Set(modules.flat().map(({ source }) => source))].sort();
};

const packageFolders = memoiseByObject(({ entries }: BaseTree): readonly string[] => [
  '',
  ...[...entries.keys()]
    .filter((path) => path.endsWith('/package.json'))
    .map((path) => dirname(path)),
]);
