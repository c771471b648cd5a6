// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { envelopeSchema } from '../../agent/envelope.ts';
import { agentSchema, failureSchema, inputSchema, outputSchema } from '../../agent/schema.ts';
import { openChores } from '../../chore/chores.ts';
import { choreSchema } from '../../chore/schema.ts';
import { configSchema } from '../../config/schema.ts';
import { modelsLockSchema } from '../../engine/models/models-lock.ts';
import { registrySchema } from '../../engine/models/registry.ts';
import { flowSchema } from '../../flow/schema.ts';
import { summarySchema } from '../../morning/summary.ts';
import { journalSchema, nightSchema } from '../../night/record/night-schemas.ts';
import { nightStatementSchema } from '../../night/record/night-statement.ts';
import { examResultSchema, pairSchema, reviewSchema } from '../../review/schema.ts';
import { specFileSchema } from '../../spec/schema.ts';
import { dsseSchema, statementSchema } from '../../trace/manifest.ts';
import { publicKeysSchema } from '../../trace/sign/public-keys.ts';

type Contract = { readonly title: string; readonly schema: z.ZodType };

/** Every contract that leaves the code as JSON Schema, by the name its file begins with. */
const contracts: Readonly<Record<string, Contract>> = {
  agent: { title: 'An agent: agent.yaml in its folder', schema: agentSchema },
  chore: { title: 'A chore: chore.yaml in its folder', schema: choreSchema },
  config: { title: 'pantheon.yaml', schema: configSchema },
  envelope: { title: 'What a model may answer', schema: envelopeSchema },
  error: { title: 'error.json: why a node could not finish', schema: failureSchema },
  exam: { title: "A reviewer's exam result", schema: examResultSchema },
  flow: { title: 'A flow: flows/*.yaml', schema: flowSchema },
  input: { title: 'input.json of a node', schema: inputSchema },
  manifest: { title: 'manifest.json of a bundle: a DSSE envelope', schema: dsseSchema },
  journal: { title: 'A line of journal.jsonl', schema: journalSchema },
  models: { title: 'models.lock', schema: modelsLockSchema },
  night: { title: 'night.json', schema: nightSchema },
  output: { title: 'output.json of a node', schema: outputSchema },
  pair: { title: 'A line of the review ledger', schema: pairSchema },
  registry: { title: 'registry.yaml', schema: registrySchema },
  review: { title: 'review.json', schema: reviewSchema },
  statement: { title: "The in-toto statement in a manifest's payload", schema: statementSchema },
  signature: {
    title: "The in-toto statement in signature.json's payload",
    schema: nightStatementSchema,
  },
  keys: { title: 'pantheon-keys.json', schema: publicKeysSchema },
  spec: { title: 'A spec: specs/*.yaml or *.json', schema: specFileSchema },
  summary: { title: 'summary.json, and what --json prints', schema: summarySchema },
};

/** The names of all contracts, in the order of the list. */
export const contractNames = Object.keys(contracts);

/** What a contract is of, in a few words. */
export const contractTitle = (name: string): string => contracts[name]?.title ?? '';

/** A contract as the text of its JSON Schema; nothing where there is none of this name. */
export const contractText = (name: string): string | undefined => {
  const contract = Object.hasOwn(contracts, name) ? contracts[name] : undefined;
  return contract && render(contract);
};

const render = ({ title, schema }: Contract): string => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  if (schema === specFileSchema) nameChores(rest);
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
};

/** An editor completes the chores that ship, with their arguments; a repository may bring others. */
const nameChores = ({ properties }: { readonly properties?: object }): void => {
  const chores = [...openChores().all.values()].map(({ manifest }) => [
    manifest.name,
    { description: manifest.description, ...withScopes(manifest.args) },
  ]);
  const { items } = (properties as { readonly do: { readonly items: object } }).do;
  Object.assign(items, {
    minProperties: 1,
    maxProperties: 1,
    properties: Object.fromEntries(chores),
  });
};

/** In a spec the files of a chore are written as a scope is: one text will do. */
const withScopes = (args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { files, ...others } = (args.properties ?? {}) as { readonly files?: object };
  if (files === undefined) return args;
  return { ...args, properties: { ...others, files: { anyOf: [files, { type: 'string' }] } } };
};
