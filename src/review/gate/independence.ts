// SPDX-License-Identifier: GPL-3.0-only
import type { RuntimeIdentity } from '../../engine/contract/engine.ts';
import type { Independence } from '../schema.ts';

/**
 * Two runtimes are independent only if their weights (or rules) or their adapter differ, or if both
 * sample above temperature 0 with different stated seeds: at 0 the seed changes nothing.
 */
export const independenceOf = (a: RuntimeIdentity, b: RuntimeIdentity): Independence => {
  if (a.modelDigest !== b.modelDigest) return { independent: true };
  if (a.adapterDigest !== b.adapterDigest) return { independent: true };
  const same = 'both reviewers run the same weights or rules with the same adapter';
  if (a.seed === undefined || b.seed === undefined || a.seed === b.seed) {
    return { independent: false, reason: `${same}, and their seeds do not differ` };
  }
  if (a.temperature <= 0 || b.temperature <= 0) {
    return {
      independent: false,
      reason: `${same}; different seeds count only above temperature 0`,
    };
  }
  return { independent: true };
};
