// SPDX-License-Identifier: GPL-3.0-only
import { sha256 } from '../../data/digest.ts';

/** Where a row goes. */
export type Split = 'train' | 'held-out';

/** Names that stand together: what shares one of them is on one side. */
export type Links = {
  /** Ties names to each other, such as a spec and its files. */
  readonly tie: (names: readonly string[]) => void;
  /** The first name, in order, of all that are tied to this one. */
  readonly groupOf: (name: string) => string;
};

/** Disjoint sets by path halving; the first name of a set stands for it (Tarjan and van Leeuwen 1984). */
export const createLinks = (): Links => {
  const parents = new Map<string, string>();
  const groupOf = (name: string): string => {
    let at = name;
    for (;;) {
      const parent = parents.get(at) ?? at;
      if (parent === at) return at;
      const above = parents.get(parent) ?? parent;
      parents.set(at, above);
      at = above;
    }
  };
  const tie = (names: readonly string[]): void => {
    for (const name of names.slice(1)) {
      const [first = '', second = ''] = [groupOf(names[0] ?? ''), groupOf(name)].sort();
      if (first !== second) parents.set(second, first);
    }
  };
  return { tie, groupOf };
};

/**
 * The side of a group, by a hash of its name: it stays where it is as nights are added, until its group is tied to one
 * with an earlier name. `share` of the groups is held out, 0 to 1.
 */
export const sideOf = (group: string, share: number): Split =>
  Number.parseInt(sha256(group).slice(0, 12), 16) / 16 ** 12 < share ? 'held-out' : 'train';
