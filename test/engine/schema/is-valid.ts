// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson, type Json } from '../../../src/data/digest.ts';
import type { Keywords } from '../../../src/engine/schema/keywords.ts';

/**
 * JSON Schema 2020-12 by its words, as far as the tests' schemas go. zod's own reading is not used
 * as the judge here: it joins objects more leniently than `allOf` says.
 */
export const isValid = (root: Keywords, value: Json): boolean => {
  const valid = (schema: Json | undefined, at: Json): boolean => {
    if (typeof schema === 'boolean' || schema === undefined) return schema !== false;
    const keywords = schema as Keywords;
    return Object.entries(keywords).every(([keyword, wanted]) => {
      const check = checks[keyword];
      if (!check) throw new Error(`the tests know no keyword ${keyword}`);
      return check(wanted, at, keywords);
    });
  };
  const number =
    (test: (value: number, wanted: number) => boolean): Check =>
    (wanted, at) =>
      typeof at !== 'number' || test(at, Number(wanted));
  const text =
    (test: (value: string, wanted: Json) => boolean): Check =>
    (wanted, at) =>
      typeof at !== 'string' || test(at, wanted);
  const list =
    (test: (value: readonly Json[], wanted: Json, schema: Keywords) => boolean): Check =>
    (wanted, at, schema) =>
      !Array.isArray(at) || test(at, wanted, schema);
  const map =
    (test: (value: Keywords, wanted: Json, schema: Keywords) => boolean): Check =>
    (wanted, at, schema) =>
      typeof at !== 'object' ||
      at === null ||
      Array.isArray(at) ||
      test(at as Keywords, wanted, schema);
  const every: Check = () => true;
  const checks: Readonly<Record<string, Check>> = {
    $defs: every,
    description: every,
    default: every,
    $ref: (wanted, at) =>
      valid((root.$defs as Keywords)[String(wanted).slice('#/$defs/'.length)], at),
    type: (wanted, at) => [wanted].flat().some((type) => isOfType(at, String(type))),
    const: (wanted, at) => canonicalJson(wanted) === canonicalJson(at),
    enum: (wanted, at) => schemasOf(wanted).some((one) => canonicalJson(one) === canonicalJson(at)),
    anyOf: (wanted, at) => schemasOf(wanted).some((part) => valid(part, at)),
    oneOf: (wanted, at) => schemasOf(wanted).filter((part) => valid(part, at)).length === 1,
    minimum: number((value, wanted) => value >= wanted),
    maximum: number((value, wanted) => value <= wanted),
    minLength: text((value, wanted) => [...value].length >= Number(wanted)),
    maxLength: text((value, wanted) => [...value].length <= Number(wanted)),
    minItems: list((value, wanted) => value.length >= Number(wanted)),
    maxItems: list((value, wanted) => value.length <= Number(wanted)),
    maxProperties: map((value, wanted) => Object.keys(value).length <= Number(wanted)),
    prefixItems: list((value, wanted) =>
      schemasOf(wanted).every(
        (part, index) => index >= value.length || valid(part, value[index] as Json),
      ),
    ),
    items: list((value, wanted, { prefixItems }) =>
      value.slice(schemasOf(prefixItems ?? []).length).every((item) => valid(wanted, item)),
    ),
    required: map((value, wanted) =>
      schemasOf(wanted).every((name) => Object.hasOwn(value, String(name))),
    ),
    properties: map((value, wanted) =>
      Object.entries(wanted as Keywords).every(
        ([name, part]) => !Object.hasOwn(value, name) || valid(part, value[name] as Json),
      ),
    ),
    additionalProperties: map((value, wanted, { properties = {} }) =>
      Object.entries(value).every(
        ([name, member]) => Object.hasOwn(properties as Keywords, name) || valid(wanted, member),
      ),
    ),
    propertyNames: map((value, wanted) => Object.keys(value).every((name) => valid(wanted, name))),
  };
  return valid(root, value);
};

type Check = (wanted: Json, at: Json, schema: Keywords) => boolean;

const schemasOf = (value: Json): readonly Json[] => value as readonly Json[];

const isOfType = (value: Json, type: string): boolean => {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  if (type === 'object')
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
};
