// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { fits, lowerCounts, numberOf } from './lower-scalar.ts';
import type { Lowering } from './lowering.ts';
import {
  asList,
  asMap,
  asSchema,
  choicesOf,
  isKeywords,
  type Keywords,
  type Schema,
} from './merge.ts';

/** The shortest member of a record: `"":0,`. */
const leastMember = 5;

type Members = readonly (readonly [string, Keywords])[];

/**
 * An object with what the engine holds of its members. Declared members keep their order; one that
 * is required and not declared is declared last; names from a list are declared.
 */
export const lowerObject = (
  given: Keywords,
  pointer: string,
  lowering: Lowering,
): Keywords | false => {
  const { drop, tighten } = lowering;
  const schema = declareNames(given);
  const required = new Set(asList(schema.required).map(String));
  const declared = asMap(schema.properties);
  const closed = schema.additionalProperties === undefined && Object.keys(declared).length > 0;
  if (closed) tighten(pointer, 'additionalProperties');
  const other = otherMembers(schema, closed, pointer, lowering);
  const names = [...new Set([...Object.keys(declared), ...required])];
  const members: (readonly [string, Keywords])[] = [];
  for (const name of names) {
    const own = Object.hasOwn(declared, name);
    const named = mayBeNamed(name, schema.propertyNames);
    if (named === undefined) drop(pointer, 'propertyNames');
    if (named === false) {
      if (required.has(name)) return false;
      continue;
    }
    const undeclared = () => (closed ? lowering.any() : other);
    const member = own
      ? lowering.lower(asSchema(declared[name]), `${pointer}/properties/${escapePointer(name)}`)
      : undeclared();
    if (member !== false) members.push([name, member]);
    else if (required.has(name)) return false;
  }
  if (other === false && schema.propertyNames !== undefined) {
    // Nothing is left whose name it could judge.
  } else if (schema.propertyNames !== undefined && !lowering.abilities.propertyNames) {
    if (!isTrivial(schema.propertyNames)) drop(pointer, 'propertyNames');
  }
  const count = memberCounts(schema, { members, required, other, pointer, lowering });
  if (count === false) return false;
  const keyName = other === false ? undefined : nameSchema(schema, pointer, lowering);
  if (keyName === false)
    return members.length > 0
      ? write(members, required, {})
      : { type: 'object', properties: {}, additionalProperties: false };
  // Engines let the name of a declared member be written again among the others.
  if (members.length > 0 && other !== false) drop(pointer, 'additionalProperties');
  const rest: Keywords =
    other === false || count.max === members.length
      ? {}
      : {
          additionalProperties: other,
          ...(keyName && { propertyNames: keyName }),
          ...(count.min > 0 && { minProperties: count.min }),
          ...(count.max !== undefined && { maxProperties: count.max }),
        };
  return write(members, required, rest);
};

/** A record whose names are a list is an object that declares them. */
const declareNames = (schema: Keywords): Keywords => {
  const names = isKeywords(schema.propertyNames) ? choicesOf(schema.propertyNames) : undefined;
  if (!names || schema.properties !== undefined || schema.patternProperties !== undefined) {
    return schema;
  }
  const { propertyNames: _, additionalProperties = true, ...rest } = schema;
  const entries = names
    .filter((name) => typeof name === 'string')
    .map((name) => [name, additionalProperties] as const);
  return { ...rest, properties: Object.fromEntries(entries), additionalProperties: false };
};

/** Whether `propertyNames` lets a declared member be; `undefined` where only the full schema tells. */
const mayBeNamed = (name: string, names: Json | undefined): boolean | undefined => {
  if (names === undefined || isTrivial(names)) return true;
  if (!isKeywords(names)) return names !== false;
  const choices = choicesOf(names);
  if (choices) return choices.includes(name);
  const judged = ['type', 'minLength', 'maxLength'];
  return Object.keys(names).every((key) => judged.includes(key)) ? fits(name, names) : undefined;
};

const isTrivial = (names: Json): boolean =>
  names === true ||
  (isKeywords(names) &&
    Object.entries(names).every(([key, value]) => key === 'type' && value === 'string'));

const nameSchema = (
  schema: Keywords,
  pointer: string,
  lowering: Lowering,
): Keywords | false | undefined => {
  const { propertyNames } = schema;
  if (propertyNames === undefined || isTrivial(propertyNames)) return undefined;
  if (propertyNames === false) return false;
  if (!lowering.abilities.propertyNames) return undefined;
  const place = `${pointer}/propertyNames`;
  const lowered = lowering.lower(
    isKeywords(propertyNames) && propertyNames.$ref === undefined
      ? { ...propertyNames, type: 'string' }
      : asSchema(propertyNames),
    place,
  );
  if (lowered === false || lowered.type === 'string' || choicesOf(lowered)) return lowered;
  lowering.drop(pointer, 'propertyNames');
  return undefined;
};

/** What a member that is not declared may hold; `false` where there is none. */
const otherMembers = (
  schema: Keywords,
  closed: boolean,
  pointer: string,
  lowering: Lowering,
): Keywords | false => {
  const patterns = Object.entries(asMap(schema.patternProperties));
  const rest: Schema = closed ? false : asSchema(schema.additionalProperties);
  const additional = lowering.lower(rest, `${pointer}/additionalProperties`);
  if (patterns.length === 0) return additional;
  lowering.drop(pointer, 'patternProperties');
  const members = patterns.map(([name, member]) =>
    lowering.lower(asSchema(member), `${pointer}/patternProperties/${escapePointer(name)}`),
  );
  const possible = [...members, additional].filter((member) => member !== false);
  const [first] = possible;
  if (first === undefined) return false;
  return possible.length === 1 ? first : { anyOf: possible };
};

/** Bounds on the number of members, as far as the engine counts them. */
const memberCounts = (
  schema: Keywords,
  options: {
    readonly members: Members;
    readonly required: ReadonlySet<string>;
    readonly other: Keywords | false;
    readonly pointer: string;
    readonly lowering: Lowering;
  },
): { readonly min: number; readonly max: number | undefined } | false => {
  const { members, required, other, pointer, lowering } = options;
  const least = numberOf(schema, 'minProperties') ?? 0;
  const most = numberOf(schema, 'maxProperties') ?? Number.POSITIVE_INFINITY;
  if (most < required.size) return false;
  const optional = members.length > required.size;
  if (other === false) {
    if (least > members.length) return false;
    if (least > required.size) lowering.drop(pointer, 'minProperties');
    if (most < members.length) lowering.drop(pointer, 'maxProperties');
    return { min: 0, max: undefined };
  }
  if (!lowering.abilities.propertyCount || optional) {
    if (least > required.size) lowering.drop(pointer, 'minProperties');
    if (most !== Number.POSITIVE_INFINITY) lowering.drop(pointer, 'maxProperties');
    return { min: 0, max: undefined };
  }
  const counted = lowerCounts(schema, pointer, lowering, {
    least: 'minProperties',
    most: 'maxProperties',
    each: leastMember,
  });
  if (counted.max !== undefined && counted.max < counted.min) return false;
  // Kept, and told: a name that is written twice is one member.
  if (counted.min > Math.max(1, required.size)) lowering.drop(pointer, 'minProperties');
  const max = counted.max === undefined ? undefined : Math.max(counted.max, required.size);
  return { min: counted.min > required.size ? counted.min : 0, max };
};

const write = (members: Members, required: ReadonlySet<string>, rest: Keywords): Keywords => ({
  type: 'object',
  properties: Object.fromEntries(members),
  required: members.map(([name]) => name).filter((name) => required.has(name)),
  ...(rest.additionalProperties === undefined ? { additionalProperties: false } : rest),
});

/** RFC 6901. */
const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
