// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';

/*
 * Holds every request and every answer to GitHub's own OpenAPI description, or rather to the extract
 * that bin/cut-openapi.ts makes of it.
 */

type Node = { readonly [key: string]: unknown };

type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Node;
};

type Content = { readonly content?: { readonly 'application/json'?: { readonly schema: Node } } };

type Operation = {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Content | { readonly $ref: string }>>;
};

type Description = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own for null. */
const asJsonSchema = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asJsonSchema);
  if (!isNode(value)) return value;
  const { nullable, ...rest } = value;
  const plain = Object.fromEntries(
    Object.entries(rest).map(([key, child]) => [key, key === 'enum' ? child : asJsonSchema(child)]),
  );
  return nullable === true ? { anyOf: [plain, { type: 'null' }] } : plain;
};

const file = join(import.meta.dirname, 'fixtures', 'openapi.json');
const description = asJsonSchema(JSON.parse(readFileSync(file, 'utf8'))) as Description;

const ajv = new Ajv({ strict: false, allErrors: false, coerceTypes: false });
ajv.addFormat('uri', { type: 'string', validate: (text: string) => URL.canParse(text) });
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
ajv.addFormat('repo.nwo', /^[^/]+\/[^/]+$/);
ajv.addFormat('email', true);
ajv.addSchema(description, 'github');

const checks = new Map<string, ValidateFunction>();

/** Wrong numbers in a query are texts all the same, so the schema of a parameter sees what it asks for. */
const check = (schema: Node, value: unknown): string | undefined => {
  const key = JSON.stringify(schema);
  const rooted = JSON.parse(key.replaceAll('"#/', '"github#/')) as Node;
  const validate = checks.get(key) ?? ajv.compile(rooted);
  checks.set(key, validate);
  return validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'it' });
};

const follow = <T>(part: T | { readonly $ref: string }): T => {
  if (!isNode(part) || typeof part.$ref !== 'string') return part as T;
  const [, , kind = '', name = ''] = part.$ref.split('/');
  return description.components[kind]?.[name] as T;
};

export type Route = {
  /** `POST /repos/{owner}/{repo}/pulls` */
  readonly name: string;
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
};

const patterns = Object.entries(description.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    operation,
    pattern: new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  })),
);

/** The route of a request, if it is one of the extract. */
export const routeOf = (method: string, pathname: string): Route | undefined => {
  for (const one of patterns) {
    const match = one.method === method ? one.pattern.exec(pathname) : null;
    if (!match) continue;
    const path = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([key, text]) => [key, decodeURIComponent(text)]),
    );
    return { name: `${method} ${one.path}`, operation: one.operation, path };
  }
  return undefined;
};

const asAsked = (schema: Node, text: string): unknown => {
  const { type } = follow<Node>(schema);
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(?:true|false)$/.test(text)) return text === 'true';
  return text;
};

/** What is wrong with a request, a line each. */
export const faultsOfRequest = (
  { operation, path }: Route,
  query: URLSearchParams,
  body: unknown,
): readonly string[] => {
  const parameters = (operation.parameters ?? []).map((part) => follow<Parameter>(part));
  const parameterNames = new Set(
    parameters.filter((one) => one.in === 'query').map(({ name }) => name),
  );
  const strangers = [...query.keys()].filter((name) => !parameterNames.has(name));
  const wrong = parameters.flatMap(({ name, in: place, required, schema }) => {
    const text = place === 'path' ? path[name] : place === 'query' ? query.get(name) : undefined;
    if (text === undefined || text === null) return required ? [`${name} is missing`] : [];
    const fault = check(schema, asAsked(schema, text));
    return fault === undefined ? [] : [`${name}: ${fault}`];
  });
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  const bodyFault =
    schema && (body !== undefined || operation.requestBody?.required)
      ? check(schema, body)
      : undefined;
  const noBody = !schema && body !== undefined;
  return [
    ...strangers.map((name) => `${name} is no parameter of this route`),
    ...wrong,
    ...(bodyFault === undefined ? [] : [`body: ${bodyFault}`]),
    ...(noBody ? ['body: this route takes none'] : []),
    ...(isNode(body) && schema ? unknownKeys(schema, body) : []),
  ];
};

/** GitHub ignores a key it does not know; here it is a mistake of the driver. */
const unknownKeys = (schema: Node, body: Node): readonly string[] => {
  const shapes = [schema, ...(Array.isArray(schema.oneOf) ? schema.oneOf : [])] as readonly Node[];
  const propertyNames = new Set(shapes.flatMap(({ properties }) => Object.keys(properties ?? {})));
  return Object.keys(body)
    .filter((key) => !propertyNames.has(key))
    .map((key) => `body: ${key} is unknown`);
};

/** What is wrong with an answer, a line each. Codes that any route may give are taken as they are. */
export const faultsOfAnswer = (
  { operation }: Route,
  status: number,
  body: unknown,
): readonly string[] => {
  const answer = operation.responses[String(status)];
  if (!answer) {
    return status >= 400 ? [] : [`status ${status} is no answer of this route`];
  }
  const schema = follow<Content>(answer).content?.['application/json']?.schema;
  const fault = schema && check(schema, body);
  return fault === undefined ? [] : [`answer ${status}: ${fault}`];
};

/** The least that satisfies a schema of the description, with `overrides` laid over it. */
export const fill = (name: string, overrides: Node = {}): Node => {
  const schema = description.components.schemas?.[name] as Node | undefined;
  if (!schema) throw new Error(`${name} is not in the extract`);
  const [filled] = Array.isArray(schema.anyOf) ? schema.anyOf : [schema];
  return { ...(least(filled) as Node), ...overrides };
};

const least = (part: unknown): unknown => {
  const schema = follow<Node>(part as Node);
  if (Array.isArray(schema.anyOf)) {
    return schema.anyOf.some((one: Node) => one.type === 'null') ? null : least(schema.anyOf[0]);
  }
  if (Array.isArray(schema.oneOf)) return least(schema.oneOf[0]);
  if (Array.isArray(schema.allOf)) return Object.assign({}, ...schema.allOf.map(least));
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.type === 'array') return [];
  if (schema.type === 'string') {
    return schema.format === 'uri'
      ? 'https://github.test/'
      : schema.format === 'date-time'
        ? '2026-01-01T00:00:00Z'
        : '';
  }
  if (schema.type === 'integer' || schema.type === 'number') return 0;
  if (schema.type === 'boolean') return false;
  const required = (schema.required ?? []) as readonly string[];
  const properties = (schema.properties ?? {}) as Node;
  return Object.fromEntries(required.map((key) => [key, least(properties[key])]));
};
