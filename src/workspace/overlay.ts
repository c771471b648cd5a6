// SPDX-License-Identifier: GPL-3.0-only
import type { BaseTree } from './base-tree.ts';
import { blobOid, zeroOid } from './blob-oid.ts';
import { Denied, outOfScope } from './denied.ts';
import { judgePath, parentsOf } from './path.ts';
import { foldName, isRegular, treeIndexOf } from './tree-index.ts';

/** A changed file; an absent side has the all-zero oid and, as new side, mode `000000`. */
export type FileChange = {
  readonly path: string;
  readonly mode: string;
  readonly baseOid: string;
  readonly oid: string;
};

export type TreeSide = 'base' | 'patched';

/**
 * A unit's view of the base tree with its own writes on top, in memory: no checkout. Every path is
 * judged first: `Denied` for what leaves the tree, the unit or the readable part.
 */
export type Overlay = {
  readonly base: BaseTree;
  readonly reach: OverlayReach;
  /** Bytes of a file, `undefined` where there is none. @throws Denied */
  readonly read: (path: string, side?: TreeSide) => Promise<Uint8Array | undefined>;
  /** Paths of the regular files that may be read, sorted by code unit. */
  readonly list: (side?: TreeSide) => readonly string[];
  /** @throws Denied */
  readonly write: (path: string, bytes: Uint8Array) => void;
  /** @throws Denied */
  readonly remove: (path: string) => void;
  /** The patch so far, sorted by path; a file written back to its base content is not a change. */
  readonly changes: () => readonly FileChange[];
  /** New content of a changed path; `undefined` when removed or unchanged. */
  readonly written: (path: string) => Uint8Array | undefined;
};

/** What an overlay lets through, beyond the path rules that always hold. */
export type OverlayReach = {
  readonly mayRead: (path: string) => boolean;
  readonly mayWrite: (path: string) => boolean;
  /** Says of a path that may not be written that the repository protects it. */
  readonly isProtected?: (path: string) => boolean;
  /** Paths or patterns to name when a read is denied. */
  readonly readable?: readonly string[];
  /** Paths or patterns to name when a write is denied. */
  readonly writable?: readonly string[];
  /** The same as data, for another process. */
  readonly rule?: ReachRule;
};

/** What an overlay lets through, as data. */
export type ReachRule = {
  /** What these patterns cover, these paths, and the setup files; absent: every file. */
  readonly reads?: { readonly scope: readonly string[]; readonly paths: readonly string[] };
  /** What these patterns cover, or these paths; absent: nothing. */
  readonly writes?: { readonly scope: readonly string[] } | { readonly paths: readonly string[] };
  /** Patterns of what may not be written all the same. */
  readonly protects?: readonly string[];
};

export const unrestricted: OverlayReach = { mayRead: () => true, mayWrite: () => true };
export const readOnly: OverlayReach = { mayRead: () => true, mayWrite: () => false };

/** Writes files by path, and removes those without bytes. @throws Denied */
export const writeFiles = (
  overlay: Overlay,
  files: Iterable<readonly [path: string, bytes: Uint8Array | undefined]>,
): void => {
  for (const [path, bytes] of files) {
    if (bytes) overlay.write(path, bytes);
    else overlay.remove(path);
  }
};

/** The largest file an overlay reads or takes, in bytes. */
export const maxFileBytes = 32 * 1024 * 1024;

type Draft = { readonly bytes: Uint8Array; oid?: string };

/** A view of `base` that lets through what `reach` allows; costs the same for a tree of any size. */
export const createOverlay = (base: BaseTree, reach: OverlayReach): Overlay => {
  const index = treeIndexOf(base);
  /** By path; `undefined` for a removed file. */
  const drafts = new Map<string, Draft | undefined>();
  let names: NewNames | undefined;
  let changed: readonly FileChange[] | undefined;
  const lists: { base?: readonly string[]; patched?: readonly string[] } = {};

  const forget = (): void => {
    changed = undefined;
    delete lists.patched;
  };

  /** Names that only this overlay has, with their folders. */
  const newNames = (): NewNames => {
    names ??= namesOf([...drafts.keys()].filter((path) => !base.entries.has(path)));
    return names;
  };

  const judge = (path: string, action: 'read' | 'written'): void => {
    const fault = judgePath(path);
    if (fault) throw new Denied(fault.rule, fault.reason);
    const allowed = action === 'read' ? reach.mayRead(path) : reach.mayWrite(path);
    if (!allowed) throw denyScope(base, reach, path, action);
    const entry = base.entries.get(path);
    if (entry) {
      judgeEntry(path, entry.mode, entry.size);
      return;
    }
    if (index.folders().has(path) || newNames().folders.has(path)) {
      throw new Denied('folder', `${path} is a folder; name a file in it.`);
    }
    for (const folder of parentsOf(path)) {
      const parent = base.entries.get(folder);
      if (parent) throw notAFolder(folder, parent.mode);
      if (newNames().files.has(folder)) throw notAFolder(folder, '100644');
    }
  };

  const judgeNewName = (path: string): void => {
    if (base.entries.has(path) || newNames().files.has(path)) return;
    const { folders, folded } = newNames();
    for (const name of [path, ...parentsOf(path)]) {
      if (index.folders().has(name) || folders.has(name)) break;
      const key = foldName(name);
      const twin = index.folded().get(key) ?? folded.get(key);
      if (twin !== undefined && twin !== name) throw twinName(path, twin);
    }
  };

  const content = (path: string): Draft | undefined => {
    const draft = drafts.get(path);
    return draft && oidOf(draft, index.oidLength) !== base.entries.get(path)?.oid
      ? draft
      : undefined;
  };

  const list = (side: TreeSide): readonly string[] => {
    if (lists[side]) return lists[side];
    const paths =
      side === 'base' || drafts.size === 0
        ? index.files().filter((path) => reach.mayRead(path))
        : patchedPaths(list('base'), drafts, newNames(), reach);
    lists[side] = paths;
    return paths;
  };

  return {
    base,
    reach,
    read: async (path, side = 'patched') => {
      judge(path, 'read');
      if (side === 'patched' && drafts.has(path)) return drafts.get(path)?.bytes.slice();
      const entry = base.entries.get(path);
      return entry && base.read(entry.oid);
    },
    list: (side = 'patched') => list(side),
    write: (path, bytes) => {
      judge(path, 'written');
      if (bytes.length > maxFileBytes) throw tooLarge(path, bytes.length);
      judgeNewName(path);
      if (!base.entries.has(path)) addName(newNames(), path);
      drafts.set(path, { bytes: new Uint8Array(bytes) });
      forget();
    },
    remove: (path) => {
      judge(path, 'written');
      const removable = drafts.has(path) ? drafts.get(path) : base.entries.get(path);
      if (!removable) {
        throw new Denied('missing', `There is no file ${path} to remove; list the files first.`);
      }
      if (base.entries.has(path)) drafts.set(path, undefined);
      else {
        drafts.delete(path);
        names = undefined;
      }
      forget();
    },
    changes: () => {
      changed ??= changesIn(base, drafts, index.oidLength);
      return changed;
    },
    written: (path) => content(path)?.bytes.slice(),
  };
};

const judgeEntry = (path: string, mode: string, size: number): void => {
  if (mode === '120000') {
    throw new Denied('symlink', `${path} is a symbolic link; name the file it points to.`);
  }
  if (!isRegular(mode)) {
    throw new Denied('submodule', `${path} is a submodule, another repository; leave it alone.`);
  }
  if (size > maxFileBytes) throw tooLarge(path, size);
};

const tooLarge = (path: string, size: number): Denied =>
  new Denied('size', `${path} has ${size} bytes, more than the ${maxFileBytes} allowed.`);

const notAFolder = (name: string, mode: string): Denied => {
  if (mode === '120000') {
    return new Denied('symlink', `${name} is a symbolic link; name the file by its own folder.`);
  }
  if (!isRegular(mode)) {
    return new Denied('submodule', `${name} is a submodule, another repository; leave it alone.`);
  }
  return new Denied('folder', `${name} is a file, so nothing can lie under it.`);
};

const twinName = (path: string, twin: string): Denied =>
  new Denied(
    'case',
    `${path} differs from the existing ${twin} only by case or form of characters; use the existing name.`,
  );

const denyScope = (
  base: BaseTree,
  reach: OverlayReach,
  path: string,
  action: 'read' | 'written',
): Denied => {
  const [may, named] =
    action === 'read' ? [reach.mayRead, reach.readable] : [reach.mayWrite, reach.writable];
  const allowed =
    named ??
    treeIndexOf(base)
      .files()
      .filter((file) => may(file));
  return new Denied('scope', outOfScope(path, action, allowed));
};

type NewNames = {
  readonly files: Set<string>;
  readonly folders: Set<string>;
  readonly folded: Map<string, string>;
};

const namesOf = (paths: readonly string[]): NewNames => {
  const names: NewNames = { files: new Set(), folders: new Set(), folded: new Map() };
  for (const path of paths) addName(names, path);
  return names;
};

const addName = ({ files, folders, folded }: NewNames, path: string): void => {
  files.add(path);
  folded.set(foldName(path), path);
  for (const folder of parentsOf(path)) {
    if (folders.has(folder)) break;
    folders.add(folder);
    folded.set(foldName(folder), folder);
  }
};

const patchedPaths = (
  basePaths: readonly string[],
  drafts: ReadonlyMap<string, Draft | undefined>,
  { files }: NewNames,
  { mayRead }: OverlayReach,
): readonly string[] => {
  const kept = basePaths.filter((path) => !drafts.has(path) || drafts.get(path));
  const added = [...files].filter((path) => mayRead(path));
  return added.length > 0 ? [...kept, ...added].sort() : kept;
};

const oidOf = (draft: Draft, oidLength: number): string => {
  draft.oid ??= blobOid(draft.bytes, oidLength);
  return draft.oid;
};

const changesIn = (
  base: BaseTree,
  drafts: ReadonlyMap<string, Draft | undefined>,
  oidLength: number,
): readonly FileChange[] => {
  const zero = zeroOid(oidLength);
  return [...drafts]
    .map(([path, draft]): FileChange => {
      const entry = base.entries.get(path);
      const baseOid = entry?.oid ?? zero;
      return draft
        ? { path, mode: entry?.mode ?? '100644', baseOid, oid: oidOf(draft, oidLength) }
        : { path, mode: '000000', baseOid, oid: zero };
    })
    .filter(({ baseOid, oid }) => baseOid !== oid)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
};
