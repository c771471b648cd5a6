// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { asList, asSchema, isKeywords, type Keywords, mergeSchemas, type Schema } from './merge.ts';

/** Says nothing about which values are valid. */
const annotations = new Set([
  '$schema',
  '$id',
  '$anchor',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
]);

const combinators = new Set(['$ref', 'allOf', 'anyOf', 'oneOf']);

/** More alternatives than this are not worked out; the smaller choices are left out instead. */
const maxAlternatives = 64;

/**
 * What a schema says: a reference and nothing else, or alternatives of plain keywords. One that is
 * a choice and nothing else gives its members with their pointers, so that each is lowered on its
 * own.
 */
export type Flat =
  | { readonly kind: 'reference'; readonly target: string }
  | {
      readonly kind: 'members';
      readonly keyword: 'anyOf' | 'oneOf';
      readonly members: readonly Json[];
    }
  | { readonly kind: 'plain'; readonly alternatives: readonly Keywords[] };

export type Resolve = (reference: string) => Schema | undefined;

/**
 * Resolves `allOf`, and what stands beside a choice or a reference. `drop` is told what had to be
 * left out. The alternatives together are never stricter than the schema.
 */
export const flatten = (
  schema: Keywords,
  resolve: Resolve,
  drop: (keyword: string) => void,
): Flat => {
  const own = constraints(schema);
  const found = [...combinators].filter((keyword) => schema[keyword] !== undefined);
  const sole = Object.keys(own).length === 0 && found.length === 1 ? found[0] : undefined;
  if (sole === '$ref' && typeof schema.$ref === 'string') {
    return { kind: 'reference', target: schema.$ref };
  }
  if (sole === 'anyOf' || sole === 'oneOf') {
    return { kind: 'members', keyword: sole, members: asList(schema[sole]) };
  }
  return { kind: 'plain', alternatives: alternativesOf(schema, resolve, drop, []) };
};

const constraints = (schema: Keywords): Keywords =>
  normaliseTuple(
    Object.fromEntries(
      Object.entries(schema).filter(
        ([keyword, value]) =>
          value !== undefined && !annotations.has(keyword) && !combinators.has(keyword),
      ),
    ),
  );

/** Drafts before 2020-12 wrote `prefixItems` as a list in `items`, and `items` as `additionalItems`. */
const normaliseTuple = (schema: Keywords): Keywords => {
  const { items, additionalItems, ...rest } = schema;
  if (!Array.isArray(items)) return items === undefined ? rest : { ...rest, items };
  return {
    ...rest,
    prefixItems: items,
    ...(additionalItems !== undefined && { items: additionalItems }),
  };
};

const alternativesOf = (
  schema: Schema,
  resolve: Resolve,
  drop: (keyword: string) => void,
  within: readonly string[],
): readonly Keywords[] => {
  if (schema === false) return [];
  if (schema === true) return [{}];
  let alternatives: readonly Keywords[] = [constraints(schema)];
  const narrow = (options: readonly Keywords[], keyword: string): void => {
    if (alternatives.length * options.length > maxAlternatives) drop(keyword);
    else alternatives = distribute(alternatives, options, drop);
  };
  if (typeof schema.$ref === 'string') {
    const target = within.includes(schema.$ref) ? undefined : resolve(schema.$ref);
    if (target === undefined) drop('$ref');
    else narrow(alternativesOf(target, resolve, drop, [...within, schema.$ref]), '$ref');
  }
  for (const member of asList(schema.allOf)) {
    narrow(alternativesOf(asSchema(member), resolve, drop, within), 'allOf');
  }
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    if (!Array.isArray(schema[keyword])) continue;
    const options = asList(schema[keyword]).flatMap((member) =>
      alternativesOf(asSchema(member), resolve, drop, within),
    );
    if (keyword === 'oneOf') drop('oneOf');
    narrow(options, keyword);
  }
  return alternatives;
};

const distribute = (
  left: readonly Keywords[],
  right: readonly Keywords[],
  drop: (keyword: string) => void,
): readonly Keywords[] =>
  left.flatMap((a) => right.map((b) => mergeSchemas(a, b, drop)).filter(isKeywords));
