// SPDX-License-Identifier: GPL-3.0-only
import type { RuntimeIdentity } from '../../engine/contract/engine.ts';
import { independenceOf } from '../../review/gate/independence.ts';

/** What answered, and the flows in which it reviews: one that does so at two nodes has two entries. */
export type Reviewing = { readonly flows: readonly string[]; readonly identity: RuntimeIdentity };

/** Why two reviewers of a profile count as one. */
export type Dependence = { readonly flows: readonly string[]; readonly reason: string };

/** The flows whose two reviewers, as really bound, are not independent. */
export const dependentReviewers = (reviewing: readonly Reviewing[]): Dependence | undefined => {
  const names = [...new Set(reviewing.flatMap(({ flows }) => flows))];
  const dependent = names.flatMap((name) => {
    const [a, b] = reviewing.flatMap(({ flows, identity }) =>
      flows.filter((flow) => flow === name).map(() => identity),
    );
    const verdict = a && b && independenceOf(a, b);
    return verdict && !verdict.independent ? [{ name, reason: verdict.reason }] : [];
  });
  const [first] = dependent;
  return first && { flows: dependent.map(({ name }) => name), reason: first.reason };
};
