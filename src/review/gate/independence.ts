// SPDX-License-Identifier: GPL-3.0-only
import type { RuntimeIdentity } from '../../engine/contract/engine.ts';
import type { Independence } from '../schema.ts';

/**
 * Two runtimes are independent only if their weights (or the code of rules) or their adapter differ, or if
 * both sample above temperature 0 with different stated seeds: at 0 the seed changes nothing.
 */
export const independenceOf = (a: RuntimeIdentity, b: RuntimeIdentity): Independence => {
  const isSameCode = a.codeDigest !== undefined && a.codeDigest === b.codeDigest;
  if (a.modelDigest !== b.modelDigest && !isSameCode) return { independent: true };
  if (a.adapterDigest !== b.adapterDigest) return { independent: true };
  const same =
    a.modelDigest === b.modelDigest
      ? 'both reviewers run the same weights or rules with the same adapter'
      : 'the rules of both reviewers differ in nothing but comments, white space and texts';
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
