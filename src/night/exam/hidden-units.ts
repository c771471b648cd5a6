// SPDX-License-Identifier: GPL-3.0-only
import type { Unit } from '../../agent/schema.ts';
import { sha256 } from '../../data/digest.ts';
import { memoiseByObject } from '../../data/memoise.ts';
import { seededRandom } from '../../review/exam/seeded-random.ts';
import type { Night } from '../record/night-schemas.ts';

/** No unit of a plan begins like that: its id begins with a letter or a digit. */
const prefix = '_exam-';

/** Where the reviews of a hidden patch are kept that goes along with a unit. */
export const hiddenId = (unit: string): string => `${prefix}${unit}`;

/** The unit that a hidden patch goes along with; `undefined` for a unit of the plan. */
export const hostOf = (unit: string): string | undefined =>
  unit.startsWith(prefix) ? unit.slice(prefix.length) : undefined;

/** A number that a night's base commit and id, and what is named beside them, draw. */
export const drawn = (
  { id, base }: Pick<Night, 'id' | 'base'>,
  ...names: readonly string[]
): number => Number.parseInt(sha256([base.commit, id, ...names].join('\0')).slice(0, 8), 16);

const [most, fewest] = [10, 5];

/**
 * The units of a spec that a hidden patch goes along with: one in ten, over all specs of the night. Where
 * the spec has five to nine units, or the night as many specs, one in as many as that: then there is one.
 */
export const hostsOf = (
  night: Pick<Night, 'id' | 'base' | 'specs'>,
  spec: string,
  units: readonly Pick<Unit, 'id'>[],
): readonly string[] => {
  const places = placesIn(night.specs);
  const size = Math.max(units.length, places.size);
  const every = size < fewest ? most : Math.min(most, size);
  // A point for each spec, evenly apart: of as many specs of one unit each, exactly one has it.
  const point = (drawn(night) / 2 ** 32 + (places.get(spec) ?? 0) / every) % 1;
  const count = Math.floor(units.length / every + point);
  const ids = units.map(({ id }) => id);
  return seededRandom(drawn(night, spec)).shuffle(ids).slice(0, count);
};

/** Each spec that is worked, and how many come before it. */
const placesIn = memoiseByObject(
  (specs: Night['specs']): ReadonlyMap<string, number> =>
    new Map(specs.filter(({ skip }) => skip === undefined).map(({ spec }, at) => [spec.id, at])),
);
