// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import type { DecidedSpec, Night } from './night-schemas.ts';

/** One of `of` parts of a night. */
export type Shard = { readonly index: number; readonly of: number };

/** Reads `0/4`. @throws UserError when it has another form. */
export const parseShard = (text: string): Shard => {
  const [, index, of] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  if (index === undefined || Number(index) >= Number(of)) {
    throw new UserError(
      `--shard: "${text}" is not a shard of a night; write one such as 0/4, counted from 0`,
    );
  }
  return { index: Number(index), of: Number(of) };
};

/** Over how many shards a night is spread: never more than it has specs to work. */
export const shardCount = (specs: readonly DecidedSpec[], wanted: number): number =>
  Math.max(1, Math.min(wanted, workedOf(specs).length));

/**
 * The shard of each spec by id. Those that are worked are dealt longest first, by their expected seconds and
 * then in the night's order, each to the shard with the least so far and of these the first: no shard has more
 * than 4/3 - 1/(3 shards) of what the best deal would give its longest one. Specs without expected seconds take
 * turns. Skipped ones are in none.
 * Source: R. L. Graham, Bounds on Multiprocessing Timing Anomalies, SIAM J. Appl. Math. 17 (2), 1969 (LPT)
 */
export const shardsOf = ({
  specs,
  shards = 1,
}: Pick<Night, 'specs' | 'shards'>): ReadonlyMap<string, number> => {
  const loads = new Array<number>(shards).fill(0);
  return new Map(
    longestFirst(workedOf(specs)).map((decided) => {
      const shard = indexOfLeast(loads);
      loads[shard] = (loads[shard] ?? 0) + secondsOf(decided);
      return [decided.spec.id, shard];
    }),
  );
};

/** By their expected seconds; those that are alike stay in order. */
export const longestFirst = (specs: readonly DecidedSpec[]): readonly DecidedSpec[] =>
  specs.toSorted((a, b) => secondsOf(b) - secondsOf(a));

const secondsOf = ({ seconds = 1 }: DecidedSpec): number => seconds;

const indexOfLeast = (loads: readonly number[]): number =>
  loads.reduce((least, load, index) => (load < (loads[least] ?? 0) ? index : least), 0);

const workedOf = (specs: readonly DecidedSpec[]): readonly DecidedSpec[] =>
  specs.filter(({ skip }) => skip === undefined);
