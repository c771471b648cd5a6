// SPDX-License-Identifier: GPL-3.0-only
import { memoiseByObject, once } from '../data/memoise.ts';
import type { BaseTree } from './base-tree.ts';
import { hfsIgnorable, judgePath, parentsOf } from './path.ts';

/** What overlays ask of a base tree beyond its entries, each worked out once per tree, when first asked. */
export type TreeIndex = {
  /** Every folder, without a closing `/`. */
  readonly folders: () => ReadonlySet<string>;
  /** Folded name (see `foldName`) to a file or folder that has it. */
  readonly folded: () => ReadonlyMap<string, string>;
  /** Regular files whose path `judgePath` lets through, sorted by code unit. */
  readonly files: () => readonly string[];
  /** Digits of an object id: 40, or 64 in a sha256 repository. */
  readonly oidLength: number;
};

/** Regular file, as opposed to a symlink or a submodule. */
export const isRegular = (mode: string): boolean => mode.startsWith('100');

/**
 * Two names with the same folded form may be one file where case, Unicode normalisation or closing
 * dots and spaces do not count (APFS, HFS+, NTFS).
 */
export const foldName = (path: string): string => {
  const plain = path.replace(/[. ]+(?=\/|$)/g, '');
  return /^[\x20-\x7e]*$/.test(plain)
    ? plain.toUpperCase()
    : plain.replace(hfsIgnorable, '').toUpperCase().normalize('NFC');
};

/** The index over a base tree, shared by all its overlays. */
export const treeIndexOf = memoiseByObject((base: BaseTree): TreeIndex => {
  const folders = once(() => {
    const names = new Set<string>();
    for (const path of base.entries.keys()) {
      for (const folder of parentsOf(path)) {
        if (names.has(folder)) break;
        names.add(folder);
      }
    }
    return names;
  });
  const folded = once(() => {
    const byFoldedName = new Map<string, string>();
    for (const name of folders()) byFoldedName.set(foldName(name), name);
    for (const name of base.entries.keys()) byFoldedName.set(foldName(name), name);
    return byFoldedName;
  });
  const files = once(() =>
    [...base.entries]
      .filter(([path, { mode }]) => isRegular(mode) && judgePath(path) === undefined)
      .map(([path]) => path)
      .sort(),
  );
  const [first] = base.entries.values();
  const oidLength = (first?.oid ?? base.commit).length === 64 ? 64 : 40;
  return { folders, folded, files, oidLength };
});
