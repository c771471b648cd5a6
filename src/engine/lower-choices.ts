// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../data/digest.ts';
import { fits } from './lower-scalar.ts';
import type { Lowering } from './lowering.ts';
import { isKeywords, type Keywords } from './merge-schemas.ts';
import { union } from './schema-union.ts';

/** Constants, those left out that cannot be valid beside the other keywords. */
export const lowerChoices = (
  choices: readonly Json[],
  schema: Keywords,
  pointer: string,
  lowering: Lowering,
): Keywords | false => {
  const { abilities } = lowering;
  const fitting = choices.filter((value) => fits(value, schema));
  for (const keyword of Object.keys(schema)) {
    if (fitting.some((value) => isUnjudged(keyword, value))) lowering.drop(pointer, keyword);
  }
  const flat = fitting.filter((value) => value === null || typeof value !== 'object');
  const deep = fitting.filter((value) => value !== null && typeof value === 'object');
  if (deep.length === 0 || abilities.deepConst) return constants(fitting);
  const spelled = deep.map((value) => lowering.lower(spell(value), pointer));
  return union([constants(flat), ...spelled], abilities);
};

const ofChoices = new Set(['const', 'enum', 'type']);
const ofStrings = new Set(['pattern', 'format']);
const ofScalars = /^(?:m(?:in|ax)Length|(?:exclusiveM|m)(?:in|ax)imum)$/;

/** Whether `fits` leaves a keyword that may speak of this value to the full schema. */
const isUnjudged = (keyword: string, value: Json): boolean => {
  if (ofChoices.has(keyword) || ofScalars.test(keyword)) return false;
  const isDeep = typeof value === 'object' && value !== null;
  return ofStrings.has(keyword) ? typeof value === 'string' : isDeep;
};

const constants = (values: readonly Json[]): Keywords | false => {
  const [first] = values;
  if (first === undefined) return false;
  return values.length === 1 ? { const: first } : { enum: values };
};

/** A schema of the one value, for engines whose constants are scalars. */
const spell = (value: Json): Keywords => {
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    return {
      type: 'array',
      prefixItems: items.map(spell),
      items: false,
      minItems: items.length,
      maxItems: items.length,
    };
  }
  if (!isKeywords(value)) return { const: value };
  const properties = Object.entries(value).map(([name, member]) => [name, spell(member)]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: Object.keys(value),
    additionalProperties: false,
  };
};
