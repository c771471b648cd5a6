// SPDX-License-Identifier: GPL-3.0-only

import type { Spec } from '../spec/schema.ts';
import { isExcluding } from '../spec/scope.ts';
import type { Chores } from './chores.ts';
import { readAsked } from './read-asked.ts';
import { Declined } from './script.ts';

/** Globs of the files that the chores of a spec have to read, beside its scope and context. */
export const readsOf = (spec: Spec, chores: Chores): readonly string[] => [
  ...new Set(
    readAsked(spec, chores).asked.flatMap(
      ({ chore }) => chores.all.get(chore)?.manifest.context ?? [],
    ),
  ),
];

/** The spec as its nodes get it; what its own context leaves out stays unseen. */
export const withReads = (spec: Spec, reads: readonly string[] = []): Spec =>
  reads.length === 0 ? spec : { ...spec, context: [...reads, ...spec.context] };

/** @throws Declined where files of the tree cannot be seen, of which `what` (`who imports`) would have to be known. */
export const refuseUnseen = (
  { scope, context }: Pick<Spec, 'scope' | 'context'>,
  what: string,
): void => {
  const patterns = [...scope, ...context];
  const last = patterns.findLastIndex((pattern) => /^\*\*(?:\/\*)?$/.test(pattern));
  if (last !== -1 && !patterns.slice(last).some(isExcluding)) return;
  throw new Declined(
    `${what} outside the scope cannot be seen: "context" leaves files out. Take that away`,
  );
};
