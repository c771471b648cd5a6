// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { didYouMean } from './nearest.ts';
import { type Place, UserError } from './user-error.ts';

/** One thing wrong in a file: the path of the field, and what is wrong with it. */
export type Mistake = { readonly path: readonly PropertyKey[]; readonly message: string };

/** At most this many mistakes of one file are printed; the first ones matter. */
const maxPrinted = 20;

/** One line per mistake, each with its place; the error's own place is the first one's. */
export const mistakesError = (
  mistakes: readonly Mistake[],
  placeOf: (path: readonly PropertyKey[]) => Place,
): UserError => {
  const lines = mistakes.slice(0, maxPrinted).map(({ path, message }) => {
    const field = path.map(String).join('.');
    const place = placeOf(path);
    return { place, message: field ? `${field}: ${message}` : message };
  });
  const [first, ...rest] = lines;
  const others = rest.map(({ place, message }) => `\n${new UserError(message, { place }).message}`);
  const more =
    mistakes.length > maxPrinted ? `\nand ${mistakes.length - maxPrinted} more like these` : '';
  return new UserError(`${first?.message ?? 'is not valid'}${others.join('')}${more}`, {
    ...(first && { place: first.place }),
  });
};

type Issue = z.core.$ZodIssue;

/** The issues of a schema in words for the person who wrote the file. */
export const mistakesOf = (
  issues: readonly Issue[],
  value: unknown,
  schema: z.ZodType,
): readonly Mistake[] => issues.flatMap((issue) => mistakesOfIssue(issue, value, schema));

const mistakesOfIssue = (issue: Issue, value: unknown, schema: z.ZodType): readonly Mistake[] => {
  const path = issue.path;
  if (issue.code === 'unrecognized_keys') {
    const knownNames = knownKeys(schema, path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `unknown key${didYouMean(key, knownNames) || (knownNames.length ? `. The keys are: ${knownNames.join(', ')}` : '')}`,
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return mistakesOfUnion(issue, value, schema);
  }
  if (issue.code === 'invalid_key') {
    return [{ path, message: issue.issues[0]?.message ?? 'is not a valid key' }];
  }
  return [{ path, message: reword(issue, valueAt(value, path)) }];
};

/** The branch whose top-level type fits says what is wrong; where none fits, the types that would. */
const mistakesOfUnion = (
  issue: z.core.$ZodIssueInvalidUnion,
  value: unknown,
  schema: z.ZodType,
): readonly Mistake[] => {
  const misfit = (first: Issue | undefined) =>
    first?.code === 'invalid_type' && first.path.length === 0 ? first : undefined;
  const branch = issue.errors.find((issues) => !misfit(issues[0]));
  if (branch) {
    return mistakesOf(
      branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
      value,
      schema,
    );
  }
  const here = valueAt(value, issue.path);
  if (here === undefined) return [{ path: issue.path, message: 'is missing' }];
  const expected = issue.errors.map((branchIssues) =>
    typeName(misfit(branchIssues[0])?.expected ?? ''),
  );
  return [{ path: issue.path, message: `must be ${either(expected)}, not ${describe(here)}` }];
};

const reword = (issue: Issue, here: unknown): string => {
  if (here === undefined && issue.code.startsWith('invalid_')) return 'is missing';
  if (issue.code === 'invalid_type') {
    return `must be ${typeName(issue.expected)}, not ${describe(here)}`;
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    return `must be ${either(values)}${didYouMean(String(here), values)}`;
  }
  if (issue.code === 'too_small' && typeof here === 'number') {
    return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}, not ${here}`;
  }
  if (issue.code === 'too_big' && typeof here === 'number') {
    return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}, not ${here}`;
  }
  return issue.message;
};

const either = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  record: 'a map',
  object: 'a map',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
};

/** A type of JSON or of a schema, as people call it. */
export const typeName = (type: string): string => typeNames[type] ?? type;

const describe = (value: unknown): string => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  if (value !== null && typeof value === 'object') {
    return Object.getPrototypeOf(value) === Object.prototype ? 'a map' : 'another YAML type';
  }
  return typeName(typeof value);
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (parent, key) =>
      parent !== null && typeof parent === 'object' && Object.hasOwn(parent, key)
        ? Reflect.get(parent, key)
        : undefined,
    value,
  );

type Shape = {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
};

/** The keys that a schema allows in the map at a path, read from its JSON Schema. */
const knownKeys = (schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] => {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  const shapes = path.reduce<readonly Shape[]>(
    (parents, key) => parents.flatMap((parent) => alternatives(parent).flatMap(child(key))),
    [root],
  );
  const keys = shapes
    .flatMap(alternatives)
    .flatMap(({ properties = {} }) => Object.keys(properties))
    .filter((key) => key !== '$schema');
  return [...new Set(keys)];
};

const alternatives = (shape: Shape): readonly Shape[] => [
  shape,
  ...(shape.anyOf ?? []).flatMap(alternatives),
  ...(shape.oneOf ?? []).flatMap(alternatives),
];

const child =
  (key: PropertyKey) =>
  ({ properties = {}, additionalProperties, items }: Shape): readonly Shape[] => {
    if (typeof key === 'number') return items ? [items] : [];
    if (Object.hasOwn(properties, key)) return [properties[String(key)] ?? {}];
    return typeof additionalProperties === 'object' ? [additionalProperties] : [];
  };
