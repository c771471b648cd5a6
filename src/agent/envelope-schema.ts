// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { canonicalJson, type Json } from '../data/digest.ts';
import { UserError } from '../data/user-error.ts';
import { argsJsonSchema } from '../tool/args-schema.ts';
import type { Tool } from '../tool/tool.ts';
import { finalSchema } from './envelope.ts';
import { compileValidator, InvalidSchema, type JsonValidator } from './json-validator.ts';
import type { ModelManifest } from './schema.ts';

export type JsonSchema = { readonly [key: string]: Json };

/** What an agent and the tools it holds come to, worked out once. */
export type Protocol = {
  /** JSON Schema of an answer: one alternative per tool held, and `final`. */
  readonly schema: JsonSchema;
  readonly tools: ReadonlyMap<string, Tool>;
  /** Judges a result by the agent's out schema. */
  readonly validateResult: JsonValidator;
  /** Name, description and argument schema of each tool as canonical JSON, a line each. */
  readonly toolLines: string;
  readonly parts: ProtocolParts;
};

/** What `schema` is made of, for a dialect that puts it together otherwise. */
export type ProtocolParts = {
  readonly calls: readonly { readonly name: string; readonly args: Json }[];
  /** Of `final`. */
  readonly output: JsonSchema;
  /** What the others refer to as `#/$defs/...`. */
  readonly defs: Readonly<Record<string, Json>>;
};

const protocols = new WeakMap<ModelManifest, WeakMap<readonly Tool[], Protocol>>();

/**
 * The protocol of an agent with these tools; kept for as long as both objects live, so pass the
 * same ones. @throws UserError when the agent's `out` or a tool's `args` cannot be used.
 */
export const protocolFor = (agent: ModelManifest, tools: readonly Tool[]): Protocol => {
  const byTools = protocols.get(agent) ?? new WeakMap<readonly Tool[], Protocol>();
  protocols.set(agent, byTools);
  const cached = byTools.get(tools);
  if (cached) return cached;
  const protocol = compileProtocol(agent, tools);
  byTools.set(tools, protocol);
  return protocol;
};

/** The same where one tool is not to be called: its alternative is left out of the schema of an answer. */
export const withoutTool = (protocol: Protocol, name: string): Protocol => {
  const { calls, output, defs } = protocol.parts;
  const left = calls.filter((call) => call.name !== name);
  return {
    ...protocol,
    schema: answerSchema({ calls: left, output, defs }),
    parts: { calls: left, output, defs },
  };
};

const answerSchema = ({ calls, output, defs }: ProtocolParts): JsonSchema =>
  oneOfSchemas(
    [...calls.map(({ name, args }) => callSchema(name, args)), finalJsonSchema(output)],
    defs,
  );

const compileProtocol = (agent: ModelManifest, tools: readonly Tool[]): Protocol => {
  const calls = tools.map((tool) => {
    const { body, defs } = hoist(argsJsonSchema(tool), tool.name);
    return { name: tool.name, args: body, defs };
  });
  const { body: out, defs } = hoist(agent.out as JsonSchema, 'result');
  const output = outputJsonSchema(out);
  const hoisted = Object.assign({}, ...calls.map((call) => call.defs), defs);
  const parts = { calls: calls.map(({ name, args }) => ({ name, args })), output, defs: hoisted };
  return {
    schema: answerSchema(parts),
    parts,
    tools: new Map(tools.map((tool) => [tool.name, tool])),
    validateResult: resultValidator(agent),
    toolLines: tools.map(toolLine).join('\n'),
  };
};

/** The union of schemas that share definitions. */
export const oneOfSchemas = (
  schemas: readonly JsonSchema[],
  defs: ProtocolParts['defs'],
): JsonSchema => ({
  oneOf: schemas,
  ...(Object.keys(defs).length > 0 && { $defs: defs }),
});

const toolLine = (tool: Tool): string =>
  canonicalJson({
    name: tool.name,
    description: tool.description,
    args: argsJsonSchema(tool),
  });

const resultValidator = ({ name, out }: ModelManifest): JsonValidator => {
  try {
    return compileValidator(out);
  } catch (cause) {
    if (!(cause instanceof InvalidSchema)) throw cause;
    throw new UserError(
      `"out" of the agent "${name}" is not a valid JSON Schema: ${cause.message}. Correct it in its agent.yaml.`,
      { cause },
    );
  }
};

const callSchema = (name: string, args: Json): JsonSchema => ({
  type: 'object',
  properties: { type: { const: 'tool' }, name: { const: name }, args },
  required: ['type', 'name', 'args'],
  additionalProperties: false,
});

/** The `final` envelope with an open `result`, which the agent's out schema then judges. */
export const openFinalSchema = finalSchema.extend({
  output: finalSchema.shape.output.extend({ result: z.record(z.string(), z.unknown()) }),
});

/** Rules count what they did; a model is held to none, which it could not know and might not end. */
const noMetrics = { type: 'object', properties: {}, additionalProperties: false };

const outputJsonSchema = (result: Json): JsonSchema => {
  const output = z.toJSONSchema(openFinalSchema.shape.output, { io: 'input' });
  const {
    $schema: _,
    properties,
    ...rest
  } = output as unknown as {
    readonly [key: string]: JsonSchema;
  };
  return { ...rest, properties: { ...properties, metrics: noMetrics, result } };
};

const finalJsonSchema = (output: JsonSchema): JsonSchema => ({
  type: 'object',
  properties: { type: { const: 'final' }, output },
  required: ['type', 'output'],
  additionalProperties: false,
});

/** Moves a schema's definitions to where they stand once it is part of a larger one. */
const hoist = (
  schema: JsonSchema,
  prefix: string,
): { readonly body: Json; readonly defs: Readonly<Record<string, Json>> } => {
  const { $schema: _, $defs = {}, definitions = {}, ...body } = schema;
  let pointsToItself = false;
  const rebase = (value: Json): Json => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(rebase);
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        if (key !== '$ref' || typeof member !== 'string') return [key, rebase(member)];
        pointsToItself ||= member === '#';
        const name = member.replace(/^#\/?(?:(?:\$defs|definitions)\/)?/, '');
        return [key, `#/$defs/${prefix}${name && `.${name}`}`];
      }),
    );
  };
  const rebased = rebase(body);
  const defs = Object.entries({ ...(definitions as JsonSchema), ...($defs as JsonSchema) }).map(
    ([name, value]) => [`${prefix}.${name}`, rebase(value)],
  );
  return pointsToItself
    ? {
        body: { $ref: `#/$defs/${prefix}` },
        defs: Object.fromEntries([...defs, [prefix, rebased]]),
      }
    : { body: rebased, defs: Object.fromEntries(defs) };
};
