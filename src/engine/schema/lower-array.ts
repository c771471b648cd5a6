// SPDX-License-Identifier: GPL-3.0-only
import { asList, asSchema, type Keywords } from './keywords.ts';
import { lowerCounts } from './lower-scalar.ts';
import type { Lowering } from './lowering.ts';

/** An array with what the engine holds of its items and their number. */
export const lowerArray = (
  schema: Keywords,
  pointer: string,
  lowering: Lowering,
): Keywords | false => {
  const { drop, lower, any, abilities } = lowering;
  const { min, max } = lowerCounts(schema, pointer, drop, {
    least: 'minItems',
    most: 'maxItems',
    counted: abilities.maxCount,
  });
  if (schema.uniqueItems === true && (max ?? 2) > 1) drop(pointer, 'uniqueItems');
  if (max !== undefined && max < min) return false;
  // Beside a tuple, which is dropped, `items` speaks of the later ones only.
  const isTuple = asList(schema.prefixItems).length > 0;
  if (isTuple && schema.items !== undefined) drop(pointer, 'items');
  const items = isTuple ? any() : lower(asSchema(schema.items), `${pointer}/items`);
  if (items === false) return min > 0 ? false : { type: 'array', items: any(), maxItems: 0 };
  return {
    type: 'array',
    items,
    ...(min > 0 && { minItems: min }),
    ...(max !== undefined && { maxItems: max }),
  };
};
