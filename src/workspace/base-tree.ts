// SPDX-License-Identifier: GPL-3.0-only

export type TreeEntry = {
  /** `100644`, `100755`, `120000` (symlink) or `160000` (submodule). */
  readonly mode: string;
  readonly oid: string;
  /** Bytes; 0 for a submodule. */
  readonly size: number;
};

/** The files of one commit, read through one long-lived `git cat-file --batch`. */
export type BaseTree = {
  readonly commit: string;
  /** By path, in git's order. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly read: (oid: string) => Promise<Uint8Array>;
  readonly close: () => Promise<void>;
};
