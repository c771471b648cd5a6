// SPDX-License-Identifier: GPL-3.0-only

import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { countNoun } from '../data/count-noun.ts';
import { typeName } from '../data/file-mistakes.ts';
import { messageOf } from '../data/message-of.ts';

/** What is wrong with a value and where in it; `undefined` where it is valid. */
export type JsonValidator = (
  value: unknown,
) => { readonly path: readonly string[]; readonly message: string } | undefined;

/** A JSON Schema that cannot judge; `path` leads to the part that is wrong, as far as is known. */
export class InvalidSchema extends Error {
  override readonly name = 'InvalidSchema';
  readonly path: readonly string[];

  constructor(message: string, path: readonly string[], options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

type Schema = Readonly<Record<string, unknown>>;

/**
 * Holds a schema to draft 2020-12. Keywords and formats that the draft does not have are refused: one
 * that is misspelt would judge nothing. @throws InvalidSchema
 */
export const checkSchema = (schema: Schema): void => {
  const ajv = draft();
  if (!ajv.validateSchema(schema)) {
    const { path, message } = problemOf(ajv.errors ?? []);
    throw new InvalidSchema(message, path);
  }
  compileValidator(schema);
};

/** What a schema says that `checkSchema` let pass, formats included. @throws InvalidSchema */
export const compileValidator = (schema: Schema): JsonValidator => {
  const ajv = judge();
  try {
    const validate = ajv.compile(schema);
    return (value) => (validate(value) ? undefined : problemOf(validate.errors ?? []));
  } catch (cause) {
    throw new InvalidSchema(messageOf(cause), [], { cause });
  } finally {
    // It would keep each schema, and take the same `$id` only once.
    ajv.removeSchema(schema);
  }
};

let made: Ajv2020 | undefined;

const judge = (): Ajv2020 => {
  made ??= open();
  return made;
};

/** What has compiled the draft's own schemas, which take more memory than all the rest: not kept. */
let compiled: WeakRef<Ajv2020> | undefined;

const draft = (): Ajv2020 => {
  const ajv = compiled?.deref() ?? open();
  compiled = new WeakRef(ajv);
  return ajv;
};

const open = (): Ajv2020 => {
  const ajv = new Ajv2020({
    strict: true,
    validateSchema: false,
    // What these say of a schema is taste: `required` without `properties` judges as it should.
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    ownProperties: true,
    logger: false,
  });
  // Of OpenAPI, not of the draft.
  ajv.removeKeyword('nullable');
  formats.default(ajv);
  return ajv;
};

const problemOf = ([error]: readonly ErrorObject[]): {
  readonly path: readonly string[];
  readonly message: string;
} => {
  const path = (error?.instancePath ?? '')
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (error?.keyword === 'required') {
    return { path: [...path, String(error.params.missingProperty)], message: 'is required' };
  }
  return { path, message: error ? explain(error) : 'does not match the schema' };
};

const explain = ({
  keyword,
  params,
  message = 'does not match the schema',
}: ErrorObject): string => {
  if (keyword === 'enum') return `must be one of ${list(params.allowedValues)}`;
  if (keyword === 'const') return `must be ${JSON.stringify(params.allowedValue)}`;
  if (keyword === 'additionalProperties') {
    return `must not have the property ${JSON.stringify(params.additionalProperty)}`;
  }
  if (keyword === 'type') return `must be ${[params.type].flat().map(typeName).join(' or ')}`;
  const bound = bounds[keyword];
  if (bound) return bound(Number(params.limit));
  if (keyword === 'pattern') return `is not in the form that it takes, ${params.pattern}`;
  return message;
};

const bounds: Readonly<Record<string, (limit: number) => string>> = {
  minimum: (limit) => `must be at least ${limit}`,
  maximum: (limit) => `must be at most ${limit}`,
  minLength: (limit) => (limit === 1 ? 'must not be empty' : `needs at least ${limit} characters`),
  maxLength: (limit) => `may have at most ${countNoun(limit, 'character')}`,
  minItems: (limit) => `needs at least ${countNoun(limit, 'item')}`,
  maxItems: (limit) => `may have at most ${countNoun(limit, 'item')}`,
  minProperties: (limit) => `needs at least ${countNoun(limit, 'key')}`,
  maxProperties: (limit) => `may have at most ${countNoun(limit, 'key')}`,
};

const list = (values: unknown): string =>
  Array.isArray(values) ? values.map((value) => JSON.stringify(value)).join(', ') : '';
