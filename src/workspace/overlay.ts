// SPDX-License-Identifier: GPL-3.0-only
import type { BaseTree } from './base-tree.ts';

/** A changed file; an absent side has the all-zero oid and, as new side, mode `000000`. */
export type Change = {
  readonly path: string;
  readonly mode: string;
  readonly baseOid: string;
  readonly oid: string;
};

export type Side = 'base' | 'patched';

/**
 * A unit's view of the base tree with its own writes on top, in memory: no checkout. Every path is
 * judged first: `Denied` for what leaves the tree, the unit or the readable part.
 */
export type Overlay = {
  readonly base: BaseTree;
  /** Bytes of a file, `undefined` where there is none. @throws Denied */
  readonly read: (path: string, side?: Side) => Promise<Uint8Array | undefined>;
  /** Paths of the regular files that may be read, sorted by code unit. */
  readonly list: (side?: Side) => readonly string[];
  /** @throws Denied */
  readonly write: (path: string, bytes: Uint8Array) => void;
  /** @throws Denied */
  readonly remove: (path: string) => void;
  /** The patch so far, sorted by path; a file written back to its base content is no change. */
  readonly changes: () => readonly Change[];
  /** New content of a changed path; `undefined` when removed or unchanged. */
  readonly written: (path: string) => Uint8Array | undefined;
};

/** What an overlay lets through, beyond the path rules that always hold. */
export type Reach = {
  readonly mayRead: (path: string) => boolean;
  readonly mayWrite: (path: string) => boolean;
};
