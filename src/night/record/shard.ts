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
 * The shard of each spec by id: its place among those that are worked, in the night's order. Skipped
 * ones are in none: they would leave some shards with nothing to do.
 */
export const shardsOf = ({
  specs,
  shards = 1,
}: Pick<Night, 'specs' | 'shards'>): ReadonlyMap<string, number> =>
  new Map(workedOf(specs).map(({ spec }, place) => [spec.id, place % shards]));

const workedOf = (specs: readonly DecidedSpec[]): readonly DecidedSpec[] =>
  specs.filter(({ skip }) => skip === undefined);
