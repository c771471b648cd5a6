// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson, type Json } from '../../data/digest.ts';
import type { ConstraintNotes, SchemaKeyword } from '../contract/engine.ts';
import type { Abilities } from './abilities.ts';
import {
  asList,
  asMap,
  asSchema,
  choicesOf,
  isKeywords,
  type Keywords,
  type Schema,
  typesOf,
} from './keywords.ts';
import { lowerArray } from './lower-array.ts';
import { lowerObject } from './lower-object.ts';
import { lowerChoices, lowerNumber, lowerString, lowerUnion } from './lower-scalar.ts';
import type { Lowering } from './lowering.ts';

export type Lowered = ConstraintNotes & { readonly schema: Keywords };

const anyName = 'anyJson';
/** An answer cannot nest deeper anyway. */
const maxDepth = 64;
/** Lists of names within lists of names multiply. */
const maxParts = 20_000;
const allTypes = ['string', 'number', 'boolean', 'null', 'array', 'object'] as const;

/**
 * The JSON Schema of an answer as an engine with these abilities can hold it: one of a reference,
 * a choice, constants, or a single type with the keywords that the engine knows. It allows
 * whatever the full schema allows but for what is tightened: objects that say nothing of other
 * members are closed. The full schema still has to judge the answer.
 */
export const lowerSchema = (schema: Schema, abilities: Abilities): Lowered => {
  const root = asMap(asSchema(schema) as Json);
  const dropped = new Map<string, SchemaKeyword>();
  const tightened = new Map<string, SchemaKeyword>();
  const names = new Map<string, string>();
  const defs = new Map<string, Keywords>();
  const waiting: string[] = [];
  const resolve = (reference: string): Schema | undefined => find(root, reference);

  let depth = 0;
  let parts = 0;
  const lowering: Lowering = {
    abilities,
    lower: (part, pointer) => {
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
    },
    any: () => {
      if (!defs.has(anyName)) defs.set(anyName, anyJson);
      return anyReference;
    },
    drop: (pointer, keyword) => void dropped.set(`${pointer} ${keyword}`, { pointer, keyword }),
    tighten: (pointer, keyword) =>
      void tightened.set(`${pointer} ${keyword}`, { pointer, keyword }),
  };

  /** Of a reference, a choice and what stands beside them one is held, in this order. */
  const lowerPart = (part: Keywords, pointer: string): Keywords | false => {
    const beside = constraintsOf(part);
    const choice = choices.find((keyword) => Array.isArray(part[keyword]));
    const dropOthers = (kept: readonly string[]): void => {
      const spoken = [...Object.keys(beside), ...combinators];
      for (const keyword of spoken) {
        if (part[keyword] !== undefined && !kept.includes(keyword)) lowering.drop(pointer, keyword);
      }
    };
    if (typeof part.$ref === 'string') {
      dropOthers(['$ref']);
      return refer(part.$ref, pointer);
    }
    const isTyped = Object.keys(beside).every((keyword) => keyword === 'type');
    if (choice === undefined || !isTyped) {
      if (choice !== undefined) dropOthers(Object.keys(beside));
      return lowerPlain(beside, pointer, lowering);
    }
    dropOthers(['type', choice]);
    return lowerChoice(choice, beside.type, asList(part[choice]), pointer);
  };

  const lowerChoice = (
    keyword: 'anyOf' | 'oneOf',
    type: Json | undefined,
    members: readonly Json[],
    pointer: string,
  ): Keywords | false => {
    if (keyword === 'oneOf' && !areApart(members, resolve)) lowering.drop(pointer, 'oneOf');
    return lowerUnion(
      members.map((member, index) => {
        const place = `${pointer}/${keyword}/${index}`;
        if (type === undefined || !isKeywords(member)) {
          return lowering.lower(asSchema(member), place);
        }
        if (member.type !== undefined && canonicalJson(member.type) !== canonicalJson(type)) {
          lowering.drop(pointer, 'type');
        }
        return lowering.lower(member.$ref === undefined ? { type, ...member } : member, place);
      }),
    );
  };

  const refer = (target: string, pointer: string): Keywords => {
    const before = names.get(target);
    if (before !== undefined) return { $ref: `#/$defs/${before}` };
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

  const body = lowering.lower(asSchema(schema as Json), '');
  for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
    const definition = lowering.lower(resolve(target) ?? true, decode(target.slice(1)));
    defs.set(names.get(target) ?? target, unlessImpossible(definition, lowering));
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

const choices = ['anyOf', 'oneOf'] as const;
const combinators: readonly string[] = ['$ref', ...choices];

/** Say nothing about which values are valid. */
const annotations: ReadonlySet<string> = new Set([
  ...['$schema', '$id', '$anchor', '$comment', '$defs', 'definitions'],
  ...['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['contentEncoding', 'contentMediaType', 'contentSchema'],
]);

const constraintsOf = (schema: Keywords): Keywords =>
  Object.fromEntries(
    Object.entries(schema).filter(
      ([keyword, value]) =>
        value !== undefined && !annotations.has(keyword) && !combinators.includes(keyword),
    ),
  );

/** A schema that nothing satisfies holds nobody; the full one refuses every answer. */
const unlessImpossible = (lowered: Keywords | false, { any }: Lowering): Keywords =>
  lowered === false ? any() : lowered;

const lowerPlain = (schema: Keywords, pointer: string, lowering: Lowering): Keywords | false => {
  const values = choicesOf(schema);
  if (values) return lowerChoices(values, schema, pointer, lowering);
  const named = typesOf(schema.type);
  const dropUnheld = (type: string): void => {
    for (const keyword of unheld[type] ?? []) {
      if (schema[keyword] !== undefined) lowering.drop(pointer, keyword);
    }
  };
  dropUnheld('any');
  const types = named.length > 0 ? named : allTypes;
  for (const type of types) dropUnheld(type === 'integer' ? 'number' : type);
  const left = Object.keys(schema).filter((keyword) => !allUnheld.has(keyword));
  if (left.length === 0) return lowering.any();
  return lowerUnion(
    types.map((type) => {
      if (type === 'string') return lowerString(schema, pointer, lowering);
      if (type === 'number' || type === 'integer') {
        return lowerNumber(type, schema, pointer, lowering);
      }
      if (type === 'array') return lowerArray(schema, pointer, lowering);
      if (type === 'object') return lowerObject(schema, pointer, lowering);
      return { type };
    }),
  );
};

/** Keywords that no engine is asked to hold, by the type that they speak of. */
const unheld: Readonly<Record<string, readonly string[]>> = {
  any: ['allOf', 'not', 'if', 'then', 'else', '$dynamicRef', '$recursiveRef'],
  string: ['pattern', 'format'],
  number: ['multipleOf'],
  array: ['prefixItems', 'contains', 'minContains', 'maxContains', 'unevaluatedItems'],
  object: [
    ...['patternProperties', 'minProperties', 'dependentRequired'],
    ...['dependentSchemas', 'dependencies', 'unevaluatedProperties'],
  ],
};

const allUnheld: ReadonlySet<string> = new Set(Object.values(unheld).flat());

/**
 * Whether no value can be valid for two of them: where they are of one type each, or constants, no two
 * alike, or a member that all of them require tells them apart.
 */
const areApart = (
  members: readonly Json[],
  resolve: (reference: string) => Schema | undefined,
): boolean => {
  const schemas = members.map((member) => {
    const { $ref, ...schema } = asMap(member);
    return typeof $ref === 'string' ? asMap(resolve($ref) as Json) : schema;
  });
  const names = asList(schemas[0]?.required).map(String);
  const memberOf = (name: string) => (schema: Keywords) =>
    asList(schema.required).includes(name)
      ? choicesOf(asMap(asMap(schema.properties)[name]))
      : undefined;
  const typeOf = ({ type }: Keywords) =>
    typeof type === 'string' ? [type === 'integer' ? 'number' : type] : undefined;
  return [choicesOf, typeOf, ...names.map(memberOf)].some((tell) => allDiffer(schemas.map(tell)));
};

const allDiffer = (lists: readonly (readonly Json[] | undefined)[]): boolean => {
  if (lists.includes(undefined)) return false;
  const texts = lists.flatMap((list) => [...new Set(list?.map(canonicalJson))]);
  return new Set(texts).size === texts.length;
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
