// SPDX-License-Identifier: GPL-3.0-only
import { lowerCounts } from './lower-scalar.ts';
import type { Lowering } from './lowering.ts';
import { asList, asSchema, type Keywords, type Schema } from './merge.ts';

const unheld = ['contains', 'minContains', 'maxContains'] as const;

/** An array with what the engine holds of its items and their number. */
export const lowerArray = (
  schema: Keywords,
  pointer: string,
  lowering: Lowering,
): Keywords | false => {
  const { drop, lower } = lowering;
  for (const keyword of unheld) if (schema[keyword] !== undefined) drop(pointer, keyword);
  const prefix = asList(schema.prefixItems);
  if (prefix.length > 0) return lowerTuple(prefix, schema, pointer, lowering);
  const { min, max } = itemCounts(schema, pointer, lowering);
  if (schema.uniqueItems === true && (max ?? 2) > 1) drop(pointer, 'uniqueItems');
  if (max !== undefined && max < min) return false;
  const items = lower(asSchema(schema.items), `${pointer}/items`);
  if (items === false)
    return min > 0 ? false : { type: 'array', items: lowering.any(), maxItems: 0 };
  return { type: 'array', items, ...counts(min, max) };
};

const itemCounts = (schema: Keywords, pointer: string, lowering: Lowering) =>
  lowerCounts(schema, pointer, lowering, { least: 'minItems', most: 'maxItems', each: 2 });

const counts = (min: number, max: number | undefined): Keywords => ({
  ...(min > 0 && { minItems: min }),
  ...(max !== undefined && { maxItems: max }),
});

const lowerTuple = (
  prefix: Keywords[string][] | readonly Keywords[string][],
  schema: Keywords,
  pointer: string,
  lowering: Lowering,
): Keywords | false => {
  const { abilities, drop, tighten, lower, any } = lowering;
  if (schema.uniqueItems === true) drop(pointer, 'uniqueItems');
  // A tuple that says nothing of its length is written whole; so does zod read its own tuples.
  const closed = schema.items === undefined && schema.minItems === undefined;
  if (closed) tighten(pointer, 'prefixItems');
  const rest: Schema = closed || schema.items === undefined ? !closed : asSchema(schema.items);
  const members = prefix.map((item, index) =>
    lower(asSchema(item), `${pointer}/prefixItems/${index}`),
  );
  const impossible = members.indexOf(false);
  const held = members.slice(0, impossible < 0 ? undefined : impossible) as readonly Keywords[];
  const more = rest !== false && impossible < 0 ? lower(rest, `${pointer}/items`) : false;
  const given = itemCounts(
    { ...schema, ...(closed && { minItems: prefix.length }) },
    pointer,
    lowering,
  );
  const min = given.min;
  const max = more === false ? Math.min(given.max ?? held.length, held.length) : given.max;
  if (max !== undefined && max < min) return false;
  const exact = min === held.length && max === held.length;
  if (abilities.tuples === 'open' || exact) {
    return {
      type: 'array',
      prefixItems: held.slice(0, max),
      ...(more !== false && (max ?? held.length + 1) > held.length && { items: more }),
      ...counts(min, max),
    };
  }
  drop(pointer, 'prefixItems');
  const kinds = [...held, ...(more === false ? [] : [more])];
  const items = kinds.length === 0 ? any() : kinds.length === 1 ? kinds[0] : { anyOf: kinds };
  return { type: 'array', items: items ?? any(), ...counts(min, max) };
};
