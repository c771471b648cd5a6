// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { digestOf } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import { type EvalResult, resultDigest } from '../eval/result.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** The looks at each comparison of a version with an incumbent: how many are planned, and the results that were seen. */
export const looksSchema = z.record(
  digest,
  z.strictObject({ of: z.int().positive(), results: z.array(digest) }),
);

export type Looks = Readonly<z.output<typeof looksSchema>>;

/** One look of those that are planned, and what it may take of alpha. */
export type Look = {
  /** From 1; more than `of` where all are spent. */
  readonly number: number;
  readonly of: number;
  /** Two-sided, 0 to 1. */
  readonly alpha: number;
};

/** Of the same weights against the same incumbent, whatever specs they are compared on. */
const comparisonOf = ({ agent, candidate, incumbent }: EvalResult): string =>
  digestOf({ agent, adapter: candidate.adapter, incumbent });

/**
 * Which look a result is. Each has an equal part of alpha, so that over all of them chance has no more than alpha,
 * whether later looks hold the pairs of earlier ones or new ones: O. J. Dunn, Multiple comparisons among means,
 * 1961, doi:10.1080/01621459.1961.10482090. What looks without it come to: P. Armitage et al., Repeated significance
 * tests on accumulating data, 1969, doi:10.2307/2343787. The same result again is the same look.
 * @throws UserError where another number was planned before the first look.
 */
export const lookAt = (
  before: Looks,
  result: EvalResult,
  { looks: of, alpha }: { readonly looks: number; readonly alpha: number },
): { readonly look: Look; readonly looks: Looks } => {
  const comparison = comparisonOf(result);
  const seen = before[comparison] ?? { of, results: [] };
  if (seen.of !== of) {
    throw new UserError(
      `--looks: ${seen.of} were planned before the first look, and a plan holds. Write --looks ${seen.of}`,
    );
  }
  const shown = resultDigest(result);
  const at = seen.results.indexOf(shown);
  const results = at === -1 ? [...seen.results, shown] : seen.results;
  const number = at === -1 ? results.length : at + 1;
  return {
    look: { number, of, alpha: alpha / of },
    looks: { ...before, [comparison]: { of, results } },
  };
};
