// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { fits } from './lower-scalar.ts';
import type { Lowering } from './lowering.ts';
import type { Keywords } from './merge.ts';

/** Constants, those left out that cannot be valid beside the other keywords. */
export const lowerChoices = (
  choices: readonly Json[],
  schema: Keywords,
  pointer: string,
  lowering: Lowering,
): Keywords | false => {
  const fitting = choices.filter((value) => fits(value, schema));
  for (const keyword of Object.keys(schema)) {
    if (fitting.some((value) => isUnjudged(keyword, value))) lowering.drop(pointer, keyword);
  }
  const [first] = fitting;
  if (first === undefined) return false;
  return fitting.length === 1 ? { const: first } : { enum: fitting };
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
