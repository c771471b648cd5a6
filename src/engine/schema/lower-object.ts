// SPDX-License-Identifier: GPL-3.0-only
import {
  asList,
  asMap,
  asSchema,
  choicesOf,
  escapePointer,
  isKeywords,
  type Keywords,
} from './keywords.ts';
import type { Lowering } from './lowering.ts';

type Member = readonly [name: string, schema: Keywords];

/**
 * An object with what the engine holds of its members. Declared members keep their order; one that
 * is required and not declared is declared last; names from a list are declared.
 */
export const lowerObject = (
  schema: Keywords,
  pointer: string,
  lowering: Lowering,
): Keywords | false => {
  const { drop, lower, abilities } = lowering;
  const required = new Set(asList(schema.required).map(String));
  const declared = asMap(schema.properties);
  const other = otherMembers(schema, pointer, lowering);
  const listed = listedNames(schema);
  if (schema.propertyNames !== undefined && !listed && !allowsEveryName(schema)) {
    drop(pointer, 'propertyNames');
  }
  // Not shared: lists within lists are many, and `lower` counts them.
  const undeclared = (): Keywords | false =>
    lower(asSchema(schema.additionalProperties), `${pointer}/additionalProperties`);
  const members: Member[] = [];
  for (const name of new Set([...Object.keys(declared), ...required, ...(listed ?? [])])) {
    const member = Object.hasOwn(declared, name)
      ? lower(asSchema(declared[name]), `${pointer}/properties/${escapePointer(name)}`)
      : undeclared();
    if (member !== false) members.push([name, member]);
    else if (required.has(name)) return false;
  }
  const rest = listed ? false : other;
  // Engines let the name of a declared member be written again among the others.
  if (members.length > 0 && rest !== false) drop(pointer, 'additionalProperties');
  const { maxProperties } = schema;
  const isBounded =
    typeof maxProperties === 'number' &&
    maxProperties >= 1 &&
    maxProperties <= abilities.maxMembers &&
    members.length === 0 &&
    rest !== false;
  if (maxProperties !== undefined && !isBounded) drop(pointer, 'maxProperties');
  return {
    type: 'object',
    ...(isBounded && { maxProperties: Math.floor(maxProperties) }),
    properties: Object.fromEntries(members),
    required: members.map(([name]) => name).filter((name) => required.has(name)),
    additionalProperties: rest,
  };
};

/** The names of a record whose names are a list; none where an object declares its members. */
const listedNames = (schema: Keywords): readonly string[] | undefined => {
  if (schema.properties !== undefined || schema.patternProperties !== undefined) return undefined;
  const names = isKeywords(schema.propertyNames) ? choicesOf(schema.propertyNames) : undefined;
  return names?.filter((name) => typeof name === 'string');
};

/** Names are strings anyway. */
const allowsEveryName = ({ propertyNames }: Keywords): boolean =>
  propertyNames === true ||
  (isKeywords(propertyNames) &&
    Object.entries(propertyNames).every(([key, value]) => key === 'type' && value === 'string'));

/** What a member that is not declared may be; `false` where there is none. */
const otherMembers = (
  schema: Keywords,
  pointer: string,
  { lower, any, drop, tighten }: Lowering,
): Keywords | false => {
  if (schema.patternProperties !== undefined) {
    // Which of the others a pattern speaks of is not known.
    if (schema.additionalProperties !== undefined) drop(pointer, 'additionalProperties');
    return any();
  }
  if (schema.additionalProperties === undefined && schema.properties !== undefined) {
    tighten(pointer, 'additionalProperties');
    return false;
  }
  return lower(asSchema(schema.additionalProperties), `${pointer}/additionalProperties`);
};
