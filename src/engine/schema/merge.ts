// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson, type Json } from '../../data/digest.ts';

export type Keywords = { readonly [keyword: string]: Json };
export type Schema = boolean | Keywords;

/** Any JSON value that is no schema (a number, a list) counts as one that allows everything. */
export const asSchema = (value: Json | undefined): Schema =>
  typeof value === 'boolean' ? value : isKeywords(value) ? value : true;

export const isKeywords = (value: unknown): value is Keywords =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const asList = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? value : [];

export const asMap = (value: Json | undefined): Keywords => (isKeywords(value) ? value : {});

/**
 * One schema that holds what both hold, where their keywords can be joined; what cannot is named
 * to `drop` and left out, so that the outcome is never stricter than both together. Neither has
 * `$ref`, `allOf`, `anyOf` or `oneOf`.
 */
export const mergeSchemas = (a: Keywords, b: Keywords, drop: (keyword: string) => void): Schema => {
  const merged: Record<string, Json> = { ...a };
  for (const [keyword, value] of Object.entries(b)) {
    if (!(keyword in a)) merged[keyword] = value;
    else if (!structural.has(keyword)) {
      const joined = joinValues(keyword, a[keyword] as Json, value);
      if (joined === undefined) drop(keyword);
      else merged[keyword] = joined;
    }
  }
  const choices = joinChoices(a, b);
  if (choices) {
    delete merged.const;
    merged.enum = choices;
  }
  Object.assign(merged, joinObjects(a, b), joinArrays(a, b));
  const empty = (value: Json | undefined): boolean => Array.isArray(value) && value.length === 0;
  return empty(merged.type) || empty(merged.enum) ? false : merged;
};

const structural = new Set([
  'const',
  'enum',
  'properties',
  'additionalProperties',
  'prefixItems',
  'items',
]);

const joinValues = (keyword: string, a: Json, b: Json): Json | undefined => {
  if (keyword === 'type') return joinTypes(a, b);
  if (keyword === 'required') {
    return [...new Set([...asList(a), ...asList(b)])];
  }
  if (keyword === 'uniqueItems') return a === true || b === true;
  if (keyword === 'propertyNames') return { allOf: [a, b] };
  if (typeof a === 'number' && typeof b === 'number' && /^(?:exclusiveM|m)in/.test(keyword)) {
    return Math.max(a, b);
  }
  if (typeof a === 'number' && typeof b === 'number' && /^(?:exclusiveM|m)ax/.test(keyword)) {
    return Math.min(a, b);
  }
  return canonicalJson(a) === canonicalJson(b) ? a : undefined;
};

const joinTypes = (a: Json, b: Json): Json => {
  const left = typesOf(a);
  const right = typesOf(b);
  const both = (type: string): readonly string[] => {
    if (right.includes(type)) return [type];
    if (type === 'number' && right.includes('integer')) return ['integer'];
    return type === 'integer' && right.includes('number') ? ['integer'] : [];
  };
  return [...new Set(left.flatMap(both))];
};

/** The types named, `integer` left out where `number` covers it. */
export const typesOf = (type: Json | undefined): readonly string[] => {
  const types = (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string');
  return types.includes('number') ? types.filter((name) => name !== 'integer') : types;
};

/** The values of `const` or `enum`, where there is one. */
export const choicesOf = (schema: Keywords): readonly Json[] | undefined => {
  if (schema.const !== undefined) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
};

const joinChoices = (a: Keywords, b: Keywords): readonly Json[] | undefined => {
  const left = choicesOf(a);
  const right = choicesOf(b);
  if (!left || !right) return left ?? right;
  const known = new Set(right.map(canonicalJson));
  return left.filter((value) => known.has(canonicalJson(value)));
};

const all = (...parts: readonly Schema[]): Schema => {
  const real = parts.filter((part) => part !== true);
  if (real.includes(false)) return false;
  return real.length > 1 ? { allOf: real as readonly Json[] } : (real[0] ?? true);
};

const joinObjects = (a: Keywords, b: Keywords): Keywords => {
  const names = new Set([...Object.keys(asMap(a.properties)), ...Object.keys(asMap(b.properties))]);
  const side = (schema: Keywords, name: string): Schema => {
    const own = asMap(schema.properties);
    if (Object.hasOwn(own, name)) return asSchema(own[name]);
    // A name that a pattern covers is none of the additional ones.
    return schema.patternProperties === undefined ? asSchema(schema.additionalProperties) : true;
  };
  const entries = [...names].map((name) => [name, all(side(a, name), side(b, name))] as const);
  const open = a.additionalProperties === undefined && b.additionalProperties === undefined;
  return {
    ...(names.size > 0 && { properties: Object.fromEntries(entries) }),
    ...(!open && {
      additionalProperties: all(asSchema(a.additionalProperties), asSchema(b.additionalProperties)),
    }),
  };
};

const joinArrays = (a: Keywords, b: Keywords): Keywords => {
  const left = asList(a.prefixItems);
  const right = asList(b.prefixItems);
  const length = Math.max(left.length, right.length);
  const at = (list: readonly Json[], rest: Json | undefined, index: number): Schema =>
    index < list.length ? asSchema(list[index]) : asSchema(rest);
  const prefix = Array.from({ length }, (_, index) =>
    all(at(left, a.items, index), at(right, b.items, index)),
  );
  const open = a.items === undefined && b.items === undefined;
  return {
    ...(length > 0 && { prefixItems: prefix }),
    ...(!open && { items: all(asSchema(a.items), asSchema(b.items)) }),
  };
};
