// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { plainRegex } from '../regex/plain.ts';
import { lengthsOf, parseRegex, type RegexTree, repeatsNothing } from '../regex/tree.ts';
import type { Lowering } from './lowering.ts';
import { isKeywords, type Keywords, typesOf } from './merge.ts';

/** A keyword's number, where it is one. */
export const numberOf = (schema: Keywords, keyword: string): number | undefined =>
  typeof schema[keyword] === 'number' && Number.isFinite(schema[keyword])
    ? (schema[keyword] as number)
    : undefined;

/**
 * Lengths or counts as far as the engine counts: `keywords` are those of the least and the most,
 * `each` the least characters that one of them takes of an answer.
 */
export const lowerCounts = (
  schema: Keywords,
  pointer: string,
  { abilities, budget, drop, tighten }: Lowering,
  { least, most, each }: { readonly least: string; readonly most: string; readonly each: number },
): { readonly min: number; readonly max: number | undefined } => {
  const counted = most === 'maxLength' ? abilities.maxLength : abilities.maxCount;
  let min = Math.ceil(Math.max(0, numberOf(schema, least) ?? 0));
  let max = numberOf(schema, most);
  if (max !== undefined) max = Math.max(0, Math.floor(max));
  if (max !== undefined && max > counted) {
    drop(pointer, most);
    max = undefined;
  }
  const bound = budget === undefined ? undefined : Math.max(min, Math.floor(budget / each));
  if (bound !== undefined && bound <= counted && bound < (max ?? bound + 1)) {
    tighten(pointer, most);
    max = bound;
  }
  if (min > counted) {
    drop(pointer, least);
    min = 0;
  }
  return { min, max };
};

/** A string with what the engine holds of its length, pattern and format. */
export const lowerString = (
  schema: Keywords,
  pointer: string,
  lowering: Lowering,
): Keywords | false => {
  const { abilities, drop } = lowering;
  const { min, max } = lowerCounts(schema, pointer, lowering, {
    least: 'minLength',
    most: 'maxLength',
    each: 1,
  });
  if (max !== undefined && max < min) return false;
  const lengths = {
    ...(min > 0 && { minLength: min }),
    ...(max !== undefined && { maxLength: max }),
  };
  const pattern = heldPattern(schema, pointer, lowering);
  const { format } = schema;
  const formatHeld = typeof format === 'string' && abilities.formats.includes(format);
  if (format !== undefined && (pattern !== undefined || !formatHeld)) drop(pointer, 'format');
  if (pattern === undefined && !formatHeld) return { type: 'string', ...lengths };
  // No engine counts within a pattern or a format.
  const [shortest, longest] = pattern === undefined ? [0, Infinity] : pattern.lengths;
  if (shortest > (numberOf(schema, 'maxLength') ?? Infinity) || longest < min) return false;
  if (schema.minLength !== undefined && shortest < min) drop(pointer, 'minLength');
  const capped = pattern !== undefined && abilities.pattern === 'own' && max !== undefined;
  if (schema.maxLength !== undefined && longest > (max ?? 0) && !(capped && pattern.single)) {
    drop(pointer, 'maxLength');
  }
  if (pattern === undefined) {
    // The grammars of servers let a day through that its month does not have.
    if (format !== 'uuid' && abilities.pattern !== 'own') drop(pointer, 'format');
    return { type: 'string', format: format as string };
  }
  return { type: 'string', pattern: pattern.source, ...(capped && { maxLength: max }) };
};

type HeldPattern = {
  readonly source: string;
  readonly lengths: readonly [number, number];
  /** One repeated character and nothing else: its count is the string's length. */
  readonly single: boolean;
};

const heldPattern = (
  schema: Keywords,
  pointer: string,
  { abilities, drop }: Lowering,
): HeldPattern | undefined => {
  if (typeof schema.pattern !== 'string') return undefined;
  const parsed = parseRegex(schema.pattern);
  const source = abilities.pattern === 'own' ? schema.pattern : parsed && plainRegex(parsed);
  if (!parsed || source === undefined || repeatsNothing(parsed.tree)) {
    drop(pointer, 'pattern');
    return undefined;
  }
  const { tree } = parsed;
  // Kept, and told: what the grammar counts as one character the full schema counts as two.
  if (abilities.pattern === 'own' && countsPairs(tree)) drop(pointer, 'pattern');
  const only = tree.kind === 'sequence' && tree.parts.length === 1 ? tree.parts[0] : tree;
  return {
    source,
    lengths: lengthsOf(tree),
    single: only?.kind === 'repeat' && only.part.kind === 'set',
  };
};

/**
 * Whether it counts characters beyond U+FFFF: an expression without the flag `u`, as zod has them,
 * reads code units and takes each of those for two.
 */
const countsPairs = (tree: RegexTree): boolean => {
  if (tree.kind === 'set') return tree.ranges.some(([, to]) => to > 0xffff);
  if (tree.kind !== 'repeat') {
    return (tree.kind === 'sequence' ? tree.parts : tree.options).some(countsPairs);
  }
  const countsNothing = tree.part.kind === 'set' && tree.min <= 1 && tree.max === Infinity;
  return !countsNothing && countsPairs(tree.part);
};

/** A number with what the engine holds of its bounds. */
export const lowerNumber = (
  type: 'number' | 'integer',
  schema: Keywords,
  pointer: string,
  lowering: Lowering,
): Keywords | false => {
  const { ranges } = lowering.abilities;
  const given = boundKeywords.filter((keyword) => numberOf(schema, keyword) !== undefined);
  const held = (keyword: string): boolean =>
    type === 'integer' ||
    (ranges === 'integers-and-signs' && keyword === 'minimum' && schema.minimum === 0);
  for (const keyword of given) if (!held(keyword)) lowering.drop(pointer, keyword);
  if (type === 'number') {
    const kept = given.filter(held).map((keyword) => [keyword, schema[keyword] as number]);
    return { type, ...Object.fromEntries(kept) };
  }
  const above = numberOf(schema, 'exclusiveMinimum');
  const below = numberOf(schema, 'exclusiveMaximum');
  const minimum = Math.max(
    Math.ceil(numberOf(schema, 'minimum') ?? -Infinity),
    above === undefined ? -Infinity : Math.floor(above) + 1,
  );
  const maximum = Math.min(
    Math.floor(numberOf(schema, 'maximum') ?? Infinity),
    below === undefined ? Infinity : Math.ceil(below) - 1,
  );
  if (minimum > maximum) return false;
  return {
    type,
    ...safeBound('minimum', minimum, pointer, lowering),
    ...safeBound('maximum', maximum, pointer, lowering),
  };
};

const boundKeywords = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const;

const safeBound = (
  keyword: 'minimum' | 'maximum',
  value: number,
  pointer: string,
  { drop }: Lowering,
): Keywords => {
  if (!Number.isFinite(value)) return {};
  if (Number.isSafeInteger(value)) return { [keyword]: value };
  drop(pointer, keyword);
  return {};
};

/** Whether a constant can be valid beside the other keywords, as far as scalars go. */
export const fits = (value: Json, schema: Keywords): boolean => {
  const types = typesOf(schema.type);
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) return false;
  if (typeof value === 'string') {
    const { length } = [...value];
    return (
      value.length >= (numberOf(schema, 'minLength') ?? 0) &&
      length <= (numberOf(schema, 'maxLength') ?? Infinity)
    );
  }
  if (typeof value !== 'number') return true;
  return (
    value >= (numberOf(schema, 'minimum') ?? -Infinity) &&
    value <= (numberOf(schema, 'maximum') ?? Infinity) &&
    value > (numberOf(schema, 'exclusiveMinimum') ?? -Infinity) &&
    value < (numberOf(schema, 'exclusiveMaximum') ?? Infinity)
  );
};

const isOfType = (value: Json, type: string): boolean => {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isKeywords(value);
  return type === 'null' ? value === null : type === typeof value;
};
