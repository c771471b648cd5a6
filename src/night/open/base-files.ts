// SPDX-License-Identifier: GPL-3.0-only
import { decodeSource, type Source } from '../../data/read-source.ts';
import { UserError } from '../../data/user-error.ts';
import type { BaseTree, TreeEntry } from '../../workspace/base-tree.ts';
import { cQuote, cQuoteIfNeeded } from '../../workspace/c-quote.ts';
import { git, withoutFilters } from '../../workspace/git.ts';
import { judgePath, parentsOf } from '../../workspace/path.ts';
import { foldName, isRegular } from '../../workspace/tree-index.ts';

/** A file of the base commit as text. @throws UserError when it is a link, too large or not UTF-8. */
export const readBaseFile = async (
  base: BaseTree,
  path: string,
  maxBytes?: number,
): Promise<Source | undefined> => {
  const entry = base.entries.get(path);
  if (!entry || !isPlainFile(path, entry)) return undefined;
  return decodeSource(await base.read(entry.oid), path, maxBytes);
};

/** Plain files of the base commit directly in a folder. @throws UserError for a name no night reads. */
export const listBaseFolder = (base: BaseTree, folder: string): readonly string[] =>
  plainFiles(base, folder, (path) => !path.includes('/', folder.length + 1)).map(([path]) => path);

/**
 * Plain files of the base commit anywhere below a folder, in git's order.
 * @throws UserError for a name that no night reads or another file system takes for another's.
 */
export const filesBelow = (
  base: BaseTree,
  folder: string,
): readonly (readonly [path: string, entry: TreeEntry])[] => {
  const files = plainFiles(base, folder, () => true);
  const start = cQuote(`${folder}/`).slice(0, -1);
  const unreadable = base.unreadable?.find((name) => name.startsWith(start));
  if (unreadable !== undefined) throw misnamed(unreadable, 'has a name that is not UTF-8');
  const names = new Map<string, string>();
  for (const [path] of files) {
    for (const name of [path, ...parentsOf(path)]) {
      const other = names.get(foldName(name));
      if (other === name) break;
      if (other !== undefined) throw misnamed(cQuote(name), `is ${cQuote(other)} on other systems`);
      names.set(foldName(name), name);
    }
  }
  return files;
};

const plainFiles = (
  { entries }: BaseTree,
  folder: string,
  isWanted: (path: string) => boolean,
): readonly (readonly [string, TreeEntry])[] =>
  [...entries].filter(([path, entry]) => {
    if (!path.startsWith(`${folder}/`) || !isWanted(path)) return false;
    const fault = judgePath(path);
    if (fault) throw misnamed(cQuote(path), fault.what);
    return isPlainFile(path, entry);
  });

/** Where a night reads a file, a link or a submodule in its place is no file to do without. */
const isPlainFile = (path: string, { mode }: TreeEntry): boolean => {
  if (isRegular(mode)) return true;
  if (!/\.(?:ya?ml|json|lock|md|pl|[cm]?[jt]s)$/i.test(path)) return false;
  const what = mode === '160000' ? 'submodule' : 'symbolic link';
  throw new UserError(
    `is a ${what}, and a night reads it as a file. Commit the file itself in its place`,
    { place: { file: cQuoteIfNeeded(path) } },
  );
};

const misnamed = (file: string, what: string): UserError =>
  new UserError(`${what}, and a night runs by the files of this folder. Give it another name`, {
    place: { file },
  });

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
