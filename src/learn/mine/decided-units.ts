// SPDX-License-Identifier: GPL-3.0-only
import type { ResolvedPullRequest } from '../../forge/forge.ts';

/** What people decided about a unit. */
export type UnitResolution = 'zero-touch' | 'accepted' | 'rejected';

/** What people decided about units, by `night/spec/unit`. */
export type DecidedUnits = ReadonlyMap<string, UnitResolution>;

/** The units of pull requests that somebody decided about; of others, ignored ones too, nothing is known. */
export const decidedUnits = (resolved: readonly ResolvedPullRequest[]): DecidedUnits =>
  new Map(
    resolved.flatMap(({ pullRequest: { night, spec, units }, resolution }) =>
      resolution === 'pending' || resolution === 'ignored' || resolution === 'unknown'
        ? []
        : units.approved.map((unit) => [`${night}/${spec}/${unit}`, resolution] as const),
    ),
  );
