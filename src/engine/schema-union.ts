// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../data/digest.ts';
import { asList, asMap, type Keywords } from './merge-schemas.ts';
import type { Abilities } from './schema-abilities.ts';

/** One of these, in the keyword that the engine reads; `false` where none of them is possible. */
export const union = (
  members: readonly (Keywords | false)[],
  abilities: Abilities,
): Keywords | false => {
  const possible = members
    .filter((member) => member !== false)
    .flatMap((member) => membersOf(member, abilities));
  const distinct = [...new Map(possible.map((member) => [canonicalJson(member), member])).values()];
  const [first] = distinct;
  if (first === undefined) return false;
  return distinct.length === 1 ? first : { [abilities.union]: distinct };
};

/** A choice within a choice is one choice. */
const membersOf = (schema: Keywords, { union: keyword }: Abilities): readonly Keywords[] =>
  Array.isArray(schema[keyword]) ? asList(schema[keyword]).map(asMap) : [schema];
