// SPDX-License-Identifier: GPL-3.0-only
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { envelopeSchema } from '../src/agent/envelope.ts';
import { agentSchema, failureSchema, inputSchema, outputSchema } from '../src/agent/schema.ts';
import { openChores } from '../src/chore/chores.ts';
import { choreSchema } from '../src/chore/schema.ts';
import { configSchema } from '../src/config/schema.ts';
import { modelsLockSchema } from '../src/engine/models/models-lock.ts';
import { flowSchema } from '../src/flow/schema.ts';
import { summarySchema } from '../src/morning/summary.ts';
import { journalSchema, nightSchema } from '../src/night/record/night-schemas.ts';
import { nightStatementSchema } from '../src/night/record/night-statement.ts';
import { examResultSchema, pairSchema, reviewSchema } from '../src/review/schema.ts';
import { specFileSchema } from '../src/spec/schema.ts';
import { dsseSchema, statementSchema } from '../src/trace/manifest.ts';
import { publicKeysSchema } from '../src/trace/sign/public-keys.ts';

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

/** The generated files by path from the repository's root. */
export const schemaFiles = (): ReadonlyMap<string, string> => {
  const files = Object.entries(contracts).map(
    ([name, contract]) => [`schemas/${name}.schema.json`, render(contract)] as const,
  );
  const spec = files.find(([path]) => path === 'schemas/spec.schema.json');
  // Beside the queue as well, where a spec can name it in a few characters.
  return new Map([...files, ['specs/schema.json', spec?.[1] ?? '']]);
};

/** Paths under `root` that are missing, differ from what the code says, or should not be there. */
export const driftedSchemas = async (root: string): Promise<readonly string[]> => {
  const files = schemaFiles();
  const present = await readdir(join(root, 'schemas')).catch(() => []);
  const strays = present.map((name) => `schemas/${name}`).filter((path) => !files.has(path));
  const stale: string[] = [];
  for (const [path, text] of files) {
    const written = await readFile(join(root, path), 'utf8').catch(() => undefined);
    if (written !== text) stale.push(path);
  }
  return [...stale, ...strays];
};

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (const path of await driftedSchemas(root)) {
    const text = schemaFiles().get(path);
    if (text === undefined) await rm(join(root, path));
    else await writeFile(join(root, path), text);
  }
}
