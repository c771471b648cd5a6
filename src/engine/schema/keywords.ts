// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';

export type Keywords = { readonly [keyword: string]: Json };
export type Schema = boolean | Keywords;

/** Any JSON value that is not a schema (a number, a list) counts as one that allows everything. */
export const asSchema = (value: Json | undefined): Schema =>
  typeof value === 'boolean' ? value : isKeywords(value) ? value : true;

/** Whether a schema is an object of keywords. */
export const isKeywords = (value: unknown): value is Keywords =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The list, or none where the value is something else. */
export const asList = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? value : [];

/** The object, or an empty one where the value is something else. */
export const asMap = (value: Json | undefined): Keywords => (isKeywords(value) ? value : {});

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

/** Part of a JSON pointer (RFC 6901). */
export const escapePointer = (name: string): string =>
  name.replaceAll('~', '~0').replaceAll('/', '~1');
