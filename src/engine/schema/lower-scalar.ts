// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { choicesOf, isKeywords, type Keywords, typesOf } from './keywords.ts';
import type { Lowering } from './lowering.ts';

/** A keyword's number, where it has one. */
const numberAt = (schema: Keywords, keyword: string): number | undefined => {
  const value = schema[keyword];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

/** Lengths or counts, as far as the engine counts: `least` and `most` are the keywords. */
export const lowerCounts = (
  schema: Keywords,
  pointer: string,
  drop: Lowering['drop'],
  {
    least,
    most,
    counted,
  }: { readonly least: string; readonly most: string; readonly counted: number },
): { readonly min: number; readonly max: number | undefined } => {
  const min = Math.ceil(Math.max(0, numberAt(schema, least) ?? 0));
  const bound = numberAt(schema, most);
  const max = bound === undefined ? undefined : Math.max(0, Math.floor(bound));
  const isCounted = (count: number | undefined, keyword: string): boolean => {
    const isTooFar = count !== undefined && count > counted;
    if (isTooFar) drop(pointer, keyword);
    return !isTooFar;
  };
  return {
    max: isCounted(max, most) ? max : undefined,
    min: isCounted(min, least) ? min : 0,
  };
};

/** A string with what the engine holds of its length. */
export const lowerString = (
  schema: Keywords,
  pointer: string,
  { abilities, drop }: Lowering,
): Keywords | false => {
  const { min, max } = lowerCounts(schema, pointer, drop, {
    least: 'minLength',
    most: 'maxLength',
    counted: abilities.maxLength,
  });
  if (max !== undefined && max < min) return false;
  return {
    type: 'string',
    ...(min > 0 && { minLength: min }),
    ...(max !== undefined && { maxLength: max }),
  };
};

const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const;

/** A number; of an integer its bounds too. */
export const lowerNumber = (
  type: 'number' | 'integer',
  schema: Keywords,
  pointer: string,
  { drop }: Lowering,
): Keywords | false => {
  if (type === 'number') {
    for (const keyword of bounds) if (schema[keyword] !== undefined) drop(pointer, keyword);
    return { type };
  }
  const [minimum, maximum, above, below] = bounds.map((keyword) => numberAt(schema, keyword));
  const least = Math.max(
    Math.ceil(minimum ?? -Infinity),
    above === undefined ? -Infinity : Math.floor(above) + 1,
  );
  const most = Math.min(
    Math.floor(maximum ?? Infinity),
    below === undefined ? Infinity : Math.ceil(below) - 1,
  );
  if (least > most) return false;
  const safe = (keyword: 'minimum' | 'maximum', value: number): Keywords => {
    if (Number.isSafeInteger(value)) return { [keyword]: value };
    if (Number.isFinite(value)) drop(pointer, keyword);
    return {};
  };
  return { type, ...safe('minimum', least), ...safe('maximum', most) };
};

/** Constants, those of another type left out. */
export const lowerChoices = (
  choices: readonly Json[],
  schema: Keywords,
  pointer: string,
  { drop }: Lowering,
): Keywords | false => {
  const types = typesOf(schema.type);
  const source = schema.const === undefined ? 'enum' : 'const';
  for (const keyword of Object.keys(schema)) {
    if (keyword !== 'type' && keyword !== source) drop(pointer, keyword);
  }
  return choiceOf(
    choices.filter((value) => types.length === 0 || types.some((type) => isOfType(value, type))),
  );
};

/** One of several members; `false` where none of them is possible. Constants become one list. */
export const lowerUnion = (members: readonly (Keywords | false)[]): Keywords | false => {
  const possible = members.filter((member) => member !== false).flatMap(membersOf);
  const choices = choiceOf(possible.flatMap((member) => choicesOf(member) ?? []));
  const others = possible.filter((member) => choicesOf(member) === undefined);
  const parts = choices ? [choices, ...others] : others;
  const distinct = [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
  const [first] = distinct;
  if (first === undefined) return false;
  return distinct.length === 1 ? first : { anyOf: distinct };
};

const choiceOf = (values: readonly Json[]): Keywords | false => {
  const [first, ...rest] = new Map(values.map((value) => [JSON.stringify(value), value])).values();
  if (first === undefined) return false;
  return rest.length === 0 ? { const: first } : { enum: [first, ...rest] };
};

/** A choice within a choice is one choice. */
const membersOf = (schema: Keywords): readonly Keywords[] =>
  Array.isArray(schema.anyOf) ? (schema.anyOf as readonly Keywords[]) : [schema];

const isOfType = (value: Json, type: string): boolean => {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isKeywords(value);
  return type === 'null' ? value === null : type === typeof value;
};
