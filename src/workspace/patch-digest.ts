// SPDX-License-Identifier: GPL-3.0-only
import { digestOf } from '../data/digest.ts';
import type { FileChange } from './overlay.ts';

/** sha256 over a unit's (path, mode, base oid, new oid), sorted by path; the order given is of no matter. */
export const patchDigest = (changes: readonly FileChange[]): string =>
  digestOf(
    changes
      .map(({ path, mode, baseOid, oid }) => [path, mode, baseOid, oid])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0)),
  );

/** sha256 over the sorted patch digests of a pull request's units. */
export const pullRequestDigest = (patchDigests: readonly string[]): string =>
  digestOf([...patchDigests].sort());

/** Where two lists of the same changes first differ: path, mode and ids on a line; nothing where they do not. */
export const firstDifference = (
  expected: readonly FileChange[],
  actual: readonly FileChange[],
): string | undefined => {
  const lines = (changes: readonly FileChange[]): readonly string[] =>
    changes.map(({ path, mode, baseOid, oid }) => [path, mode, baseOid, oid].join(' ')).sort();
  const [wanted, made] = [lines(expected), lines(actual)];
  const at = wanted.findIndex((line, place) => line !== made[place]);
  return at >= 0 ? wanted[at] : made[wanted.length];
};
