// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../../data/digest.ts';
import { asList, asMap, type Keywords } from './merge.ts';

/** One of these; `false` where none of them is possible. */
export const union = (members: readonly (Keywords | false)[]): Keywords | false => {
  const possible = members.filter((member) => member !== false).flatMap(membersOf);
  const distinct = [...new Map(possible.map((member) => [canonicalJson(member), member])).values()];
  const [first] = distinct;
  if (first === undefined) return false;
  return distinct.length === 1 ? first : { anyOf: distinct };
};

/** A choice within a choice is one choice. */
const membersOf = (schema: Keywords): readonly Keywords[] =>
  Array.isArray(schema.anyOf) ? asList(schema.anyOf).map(asMap) : [schema];
