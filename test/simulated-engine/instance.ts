// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../src/data/digest.ts';
import { type Draw, pick } from './draw.ts';

type Keywords = { readonly [key: string]: Json };

/** A schema of a form that drivers never send; answered with 400, as vLLM's grammar compiler does. */
export class UnheldSchema extends Error {
  override readonly name = 'UnheldSchema';
}

const deepest = 64;
const letters = 'abcdefghijklmnopqrstuvwxyz';

/**
 * A value that the schema allows, drawn: choices, constants, references and the plain types, as
 * drivers lower schemas for vLLM. @throws UnheldSchema for patterns and for what never ends.
 */
export const instanceOf = (root: Json, draw: Draw): Json => {
  const rootKeywords = keywordsOf(root);
  const make = (schema: Json | undefined, depth: number): Json => {
    if (depth > deepest) throw new UnheldSchema('the schema has no end');
    if (typeof schema === 'boolean' || schema === undefined) return true;
    const keywords = keywordsOf(schema);
    const next = (part: Json | undefined): Json => make(part, depth + 1);
    if (typeof keywords.$ref === 'string') {
      return next(keywordsOf(rootKeywords.$defs ?? {})[keywords.$ref.replace('#/$defs/', '')]);
    }
    if (keywords.const !== undefined) return keywords.const;
    if (Array.isArray(keywords.enum)) return pick(keywords.enum, draw);
    const choices = keywords.anyOf ?? keywords.oneOf;
    if (Array.isArray(choices)) {
      // Deep down the shortest, so that what refers to itself ends.
      return next(depth > 8 ? shortest(choices) : pick(choices, draw));
    }
    return plain(keywords, draw, next, depth);
  };
  return make(root, 0);
};

const keywordsOf = (schema: Json): Keywords => {
  if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) {
    return schema as Keywords;
  }
  throw new UnheldSchema('a schema is an object');
};

const shortest = (choices: readonly Json[]): Json =>
  choices.toSorted((a, b) => JSON.stringify(a).length - JSON.stringify(b).length)[0] as Json;

const plain = (
  schema: Keywords,
  draw: Draw,
  next: (part: Json | undefined) => Json,
  depth: number,
): Json => {
  const type = Array.isArray(schema.type) ? pick(schema.type, draw) : schema.type;
  if (type === 'null') return null;
  if (type === 'boolean') return draw() < 0.5;
  if (type === 'integer' || type === 'number') {
    const least = numberOf(schema.minimum, numberOf(schema.exclusiveMinimum, -1) + 1);
    return least + Math.floor(draw() * (numberOf(schema.maximum, least + 9) - least + 1));
  }
  if (type === 'string') return text(schema, draw);
  if (type === 'array') {
    const fixed: readonly Json[] = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
    const least = Math.max(numberOf(schema.minItems, 0), fixed.length);
    const open = schema.items === false || depth > 8 ? 0 : Math.floor(draw() * 3);
    const length = Math.min(least + open, numberOf(schema.maxItems, Number.POSITIVE_INFINITY));
    return Array.from({ length }, (_, index) => next(fixed[index] ?? schema.items));
  }
  const properties = keywordsOf(schema.properties ?? {});
  const required = Array.isArray(schema.required) ? schema.required : [];
  const names = Object.keys(properties).filter(
    (name) => required.includes(name) || (depth < 8 && draw() < 0.5),
  );
  return Object.fromEntries(names.map((name) => [name, next(properties[name])]));
};

const numberOf = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

const samples: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  time: '09:30:00Z',
  'date-time': '2026-01-31T09:30:00Z',
  uuid: '00000000-0000-4000-8000-000000000000',
  email: 'owl@example.org',
  ipv4: '127.0.0.1',
  ipv6: '::1',
  uri: 'https://example.org/',
};

const text = (schema: Keywords, draw: Draw): string => {
  if (schema.pattern !== undefined) throw new UnheldSchema('it writes no strings by a pattern');
  if (typeof schema.format === 'string') return samples[schema.format] ?? 'simulated';
  const least = numberOf(schema.minLength, 0);
  const most = numberOf(schema.maxLength, least + 12);
  const length = Math.min(most, least + Math.floor(draw() * 12));
  return Array.from({ length }, () => pick([...letters], draw)).join('');
};
