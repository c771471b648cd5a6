// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson, type Json } from '../../data/digest.ts';
import type { ConstraintNotes, SchemaKeyword } from '../contract/engine.ts';
import type { Abilities } from './abilities.ts';
import { flatten } from './flatten.ts';
import { lowerArray } from './lower-array.ts';
import { lowerChoices } from './lower-choices.ts';
import { lowerObject } from './lower-object.ts';
import { lowerNumber, lowerString } from './lower-scalar.ts';
import type { Lowering } from './lowering.ts';
import {
  asList,
  asMap,
  asSchema,
  choicesOf,
  isKeywords,
  type Keywords,
  type Schema,
  typesOf,
} from './merge.ts';
import { union } from './union.ts';

export type Lowered = ConstraintNotes & { readonly schema: Keywords };

/** Text of models comes to three or four characters a token (English prose, code). */
const charactersPerToken = 4;
const anyName = 'anyJson';
/** What holds itself beside something else that does could be worked out for ever. */
const maxDepth = 64;
const maxParts = 5_000;
const allTypes = ['string', 'number', 'boolean', 'null', 'array', 'object'] as const;

/**
 * The JSON Schema of an answer as an engine with these abilities can hold it: one of a reference,
 * a choice, constants, or a single type with the keywords that the engine knows. It allows
 * whatever the full schema allows but for what is tightened: objects and tuples that
 * say nothing of other members are closed, and with `maxTokens` strings, lists and records hold no
 * more than so many tokens can write. The full schema still has to judge the answer.
 */
export const lowerSchema = (
  schema: Schema,
  abilities: Abilities,
  limits?: { readonly maxTokens: number },
): Lowered => {
  const root = asMap(asSchema(schema) as Json);
  const dropped = new Map<string, SchemaKeyword>();
  const tightened = new Map<string, SchemaKeyword>();
  const names = new Map<string, string>();
  const defs = new Map<string, Keywords>();
  const waiting: string[] = [];
  const resolve = (reference: string): Schema | undefined => find(root, reference);

  const lowering: Lowering = {
    abilities,
    budget: limits && 2 ** Math.ceil(Math.log2(limits.maxTokens * charactersPerToken)),
    lower: (part, pointer) => lower(part, pointer),
    any: () => {
      if (!defs.has(anyName)) defs.set(anyName, anyJson);
      return anyReference;
    },
    drop: (pointer, keyword) => void dropped.set(`${pointer} ${keyword}`, { pointer, keyword }),
    tighten: (pointer, keyword) =>
      void tightened.set(`${pointer} ${keyword}`, { pointer, keyword }),
  };

  let depth = 0;
  let parts = 0;
  const lower = (part: Schema, pointer: string): Keywords | false => {
    if (part === false) return false;
    if (part === true) return lowering.any();
    parts += 1;
    if (depth === maxDepth || parts > maxParts) {
      for (const keyword of Object.keys(part)) lowering.drop(pointer, keyword);
      return lowering.any();
    }
    depth += 1;
    try {
      return lowerPart(part, pointer);
    } finally {
      depth -= 1;
    }
  };

  const lowerPart = (part: Keywords, pointer: string): Keywords | false => {
    const flat = flatten(part, resolve, (keyword) => lowering.drop(pointer, keyword));
    if (flat.kind === 'reference') return refer(flat.target, pointer);
    if (flat.kind === 'members') {
      if (flat.keyword === 'oneOf' && !areApart(flat.members, resolve)) {
        lowering.drop(pointer, 'oneOf');
      }
      const members = flat.members.map((member, index) =>
        lower(asSchema(member), `${pointer}/${flat.keyword}/${index}`),
      );
      return union(members);
    }
    return union(
      flat.alternatives.map((alternative) => lowerPlain(alternative, pointer, lowering)),
    );
  };

  const refer = (target: string, pointer: string): Keywords => {
    const known = names.get(target);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    const meant = resolve(target);
    if (meant === undefined || meant === false) {
      lowering.drop(pointer, '$ref');
      return lowering.any();
    }
    const name = freeName(target, new Set([...names.values(), anyName]));
    names.set(target, name);
    waiting.push(target);
    return { $ref: `#/$defs/${name}` };
  };

  const body = lower(asSchema(schema as Json), '');
  for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
    const lowered = lower(resolve(target) ?? true, decode(target.slice(1)));
    defs.set(names.get(target) ?? target, unlessImpossible(lowered, lowering));
  }
  return {
    schema: {
      ...unlessImpossible(body, lowering),
      ...(defs.size > 0 && { $defs: Object.fromEntries(defs) }),
    },
    dropped: [...dropped.values()],
    tightened: [...tightened.values()],
  };
};

/** A schema that nothing satisfies holds nobody; the full one refuses every answer. */
const unlessImpossible = (lowered: Keywords | false, { any }: Lowering): Keywords =>
  lowered === false ? any() : lowered;

const lowerPlain = (schema: Keywords, pointer: string, lowering: Lowering): Keywords | false => {
  const drop = (keyword: string): void => lowering.drop(pointer, keyword);
  for (const keyword of unheld) if (schema[keyword] !== undefined) drop(keyword);
  const choices = choicesOf(schema);
  if (choices) return lowerChoices(choices, schema, pointer, lowering);
  const named = typesOf(schema.type);
  const types = named.length > 0 ? named : allTypes;
  if (types === allTypes && Object.keys(schema).every((keyword) => unheld.has(keyword))) {
    return lowering.any();
  }
  const members = types.map((type) => {
    if (type === 'string') return lowerString(schema, pointer, lowering);
    if (type === 'number' || type === 'integer') {
      return lowerNumber(type, schema, pointer, lowering);
    }
    if (type === 'array') return lowerArray(schema, pointer, lowering);
    if (type === 'object') return lowerObject(schema, pointer, lowering);
    return { type };
  });
  return union(members);
};

/** Keywords that no engine holds; left out wherever they stand. */
const unheld = new Set([
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'dependencies',
  'unevaluatedProperties',
  'unevaluatedItems',
  '$dynamicRef',
  '$recursiveRef',
  'multipleOf',
]);

/** Whether no value can be valid for two of them, as far as types and constants tell. */
const areApart = (
  members: readonly Json[],
  resolve: (reference: string) => Schema | undefined,
): boolean => {
  const schemas = members.map((member) => {
    const schema = asMap(member);
    return typeof schema.$ref === 'string' ? asMap(resolve(schema.$ref) as Json) : schema;
  });
  return schemas.every((a, index) => schemas.slice(index + 1).every((b) => arePairApart(a, b)));
};

const arePairApart = (a: Keywords, b: Keywords): boolean => {
  const left = choicesOf(a);
  const right = choicesOf(b);
  if (left && right) return !overlap(left, right);
  const types = [typesOf(a.type), typesOf(b.type)] as const;
  if (types.every((list) => list.length > 0)) {
    const numeric = (type: string): string => (type === 'integer' ? 'number' : type);
    if (!overlap(types[0].map(numeric), types[1].map(numeric))) return true;
  }
  const required = asList(a.required).filter((name) => asList(b.required).includes(name));
  return required.some((name) => {
    const mine = choicesOf(asMap(asMap(a.properties)[String(name)]));
    const theirs = choicesOf(asMap(asMap(b.properties)[String(name)]));
    return mine !== undefined && theirs !== undefined && !overlap(mine, theirs);
  });
};

const overlap = (a: readonly Json[], b: readonly Json[]): boolean => {
  const known = new Set(a.map(canonicalJson));
  return b.some((value) => known.has(canonicalJson(value)));
};

const anyReference = { $ref: `#/$defs/${anyName}` };
const anyJson: Keywords = {
  anyOf: [
    ...['string', 'number', 'boolean', 'null'].map((type) => ({ type })),
    { type: 'array', items: anyReference },
    { type: 'object', additionalProperties: anyReference },
  ],
};

/** The part of the root that `#...` points to (RFC 6901). */
const find = (root: Keywords, reference: string): Schema | undefined => {
  if (!/^#(?:\/|$)/.test(reference)) return undefined;
  let at: Json | undefined = root;
  for (const part of decode(reference.slice(1)).split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Keywords)[name];
  }
  return typeof at === 'boolean' || isKeywords(at) ? at : undefined;
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Engines make rules' names of these: letters, digits and `_`. */
const freeName = (reference: string, taken: ReadonlySet<string>): string => {
  const last = decode(reference).split('/').at(-1) || 'root';
  const name = last.replace(/[^A-Za-z0-9_]/g, '_');
  if (!taken.has(name)) return name;
  let count = 2;
  while (taken.has(`${name}_${count}`)) count += 1;
  return `${name}_${count}`;
};
