// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { type Protocol, protocolFor } from '../../src/agent/envelope-schema.ts';
import { readEnvelope } from '../../src/agent/read-envelope.ts';
import { discoverAgents, isModelAgent, openAgent } from '../../src/agent/registry.ts';
import type { ModelManifest } from '../../src/agent/schema.ts';
import type { Json } from '../../src/data/digest.ts';
import type { SchemaKeyword } from '../../src/engine/contract/engine.ts';
import { openModelPool } from '../../src/engine/llama/pool/model-pool.ts';
import { llamaAbilities } from '../../src/engine/schema/abilities.ts';
import { lowerSchema } from '../../src/engine/schema/lower-schema.ts';
import { loadTools } from '../../src/tool/load-tools.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { schemas } from '../../test/engine/schema/schema-arbitrary.ts';
import { writeTinyModel } from '../../test/tiny-model/tiny-model.ts';

/*
 * Constrained envelopes by the engine in this process, judged as an agent's loop judges them:
 * `node bench/engines/envelopes.ts [ENVELOPES] [SEED]`. Half of them by the agents in actions/, half
 * by agents with random tools; hot, so that the model says whatever the constraint lets it.
 */

const amount = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);
const maxTokens = 96;
const perRandomAgent = 10;
const root = join(import.meta.dirname, '..', '..');

type Case = {
  readonly source: 'agents' | 'random';
  readonly name: string;
  readonly protocol: Protocol;
};

const realAgents = async (): Promise<readonly Case[]> => {
  const agents = await discoverAgents([join(root, 'actions')]);
  const opened = await Promise.all([...agents.values()].map((entry) => openAgent(entry)));
  return Promise.all(
    opened.filter(isModelAgent).map(async ({ manifest: agent }) => {
      const protocol = protocolFor(agent, await loadTools(agent.tools));
      return { source: 'agents' as const, name: agent.name, protocol };
    }),
  );
};

/** Agents with two random tools each and a random result; what zod cannot write as a schema is left out. */
const randomAgents = (base: ModelManifest, many: number): readonly Case[] => {
  const found: Case[] = [];
  for (let at = 0; found.length < many; at += 1) {
    const [first, second, result] = fc.sample(schemas, { numRuns: 3, seed: seed * 100_003 + at });
    try {
      const protocol = protocolFor(
        { ...base, out: { type: 'object', properties: { value: (result ?? {}) as OutJson } } },
        [first, second].map((args, index) => randomTool(`tool_${index}`, args ?? {})),
      );
      found.push({ source: 'random', name: `random ${at}`, protocol });
    } catch {
      // Not every schema is one that an agent may declare.
    }
  }
  return found;
};

const randomTool = (name: string, args: object): Tool => ({
  name,
  description: 'A random one.',
  args: z.fromJSONSchema({
    type: 'object',
    properties: { args },
    required: ['args'],
  } as z.core.JSONSchema.JSONSchema),
  result: z.unknown(),
  touches: () => ({}),
  run: () => ({}),
});

/** As zod writes JSON. */
type OutJson = ModelManifest['out'][string];

type Verdict = 'valid' | 'length' | 'only the full schema' | 'error';

/**
 * What the engine promised is the lowered schema but for what it noted: the rest is left to the full
 * one.
 */
const judge = (
  { protocol }: Case,
  text: string,
  finish: 'stop' | 'length',
  dropped: readonly SchemaKeyword[],
): Verdict => {
  if (finish === 'length') return 'length';
  if (readEnvelope(text, protocol).kind !== 'bad') return 'valid';
  const noted = keywordsOf(dropped);
  if (noted.size === 0) return 'error';
  const value = parsed(text);
  if (value === undefined) return 'error';
  const { schema } = lowerSchema(protocol.schema, llamaAbilities);
  const held = z.fromJSONSchema(without(schema, noted) as z.core.JSONSchema.JSONSchema);
  return held.safeParse(value).success ? 'only the full schema' : 'error';
};

const keywordsOf = (dropped: readonly SchemaKeyword[]): ReadonlySet<string> =>
  new Set(dropped.map(({ keyword }) => keyword));

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * A schema without what was noted, wherever it stands. With `additionalProperties` noted, a declared
 * member may have been written among the others.
 */
const without = (schema: Json, noted: ReadonlySet<string>): Json => {
  if (Array.isArray(schema)) return schema.map((part) => without(part, noted));
  if (schema === null || typeof schema !== 'object') return schema;
  const kept = Object.entries(schema)
    .filter(([key]) => !noted.has(key) || key === 'additionalProperties')
    .map(([key, part]) => [key, without(part, noted)] as const);
  const { properties, additionalProperties: other, ...rest } = Object.fromEntries(kept);
  const open = noted.has('additionalProperties') && other !== null && typeof other === 'object';
  return {
    ...rest,
    ...(other !== undefined && { additionalProperties: other }),
    ...(properties !== undefined && {
      properties: open
        ? mapValues(properties, (member) => ({ anyOf: [member, other] }))
        : properties,
    }),
  };
};

const mapValues = (members: Json, change: (member: Json) => Json): Json =>
  members === null || typeof members !== 'object'
    ? members
    : Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(member)]));

const folder = mkdtempSync(join(tmpdir(), 'pantheon-bench-'));
const { gguf } = writeTinyModel(folder);
const pool = await openModelPool(
  {
    model: gguf,
    threads: undefined,
    processes: undefined,
    slots: undefined,
    contextTokens: 1024,
    gpu: false,
    template: undefined,
  },
  'bench',
);
const never = new AbortController().signal;
const own = await realAgents();
const agents = await discoverAgents([join(root, 'actions')]);
const [model] = [...agents.values()]
  .map(({ manifest: agent }) => agent)
  .filter((agent) => agent.kind === 'model');
if (!model) throw new Error('there is no agent with a model');
const half = Math.ceil(amount / 2);
const random = randomAgents(model, Math.ceil((amount - half) / perRandomAgent));
const cases = Array.from({ length: amount }, (_, index) =>
  index < half ? own[index % own.length] : random[Math.floor((index - half) / perRandomAgent)],
).filter((one) => one !== undefined);

const counts = new Map<string, number>();
const count = (key: string, by = 1): void => void counts.set(key, (counts.get(key) ?? 0) + by);
const of = (key: string): number => counts.get(key) ?? 0;
const notes = new Map<string, number>();
const errors: string[] = [];

const left = cases.entries();
const started = performance.now();
const worker = async (): Promise<void> => {
  for (const [index, one] of left) {
    const { text, finish, constraint, usage } = await pool.ask(
      {
        messages: [{ role: 'user', content: `task ${index}` }],
        schema: one.protocol.schema,
        maxTokens,
        temperature: 1,
        seed: seed + index,
        idleTimeoutMs: 600_000,
        onStart: () => {},
        onProgress: () => {},
      },
      never,
    );
    const { dropped } = constraint;
    const verdict = judge(one, text, finish, dropped);
    count(`${one.source} ${verdict}`);
    count(`${one.source} all`);
    if (dropped.length > 0) count(`${one.source} lowered`);
    count('tokens', usage.completion);
    if (verdict === 'only the full schema') {
      for (const keyword of keywordsOf(dropped)) {
        notes.set(keyword, (notes.get(keyword) ?? 0) + 1);
      }
    }
    if (verdict === 'error' && errors.length < 5) {
      const reading = readEnvelope(text, one.protocol);
      errors.push(
        `${one.name}: ${reading.kind === 'bad' ? reading.fault.reason : ''}: ${text.slice(0, 300)} under ${JSON.stringify(one.protocol.schema).slice(0, 1500)}`,
      );
    }
  }
};
await Promise.all(Array.from({ length: pool.layout.slots }, worker));
const seconds = (performance.now() - started) / 1000;
await pool.close();
rmSync(folder, { recursive: true, force: true });

for (const [source, what] of [
  ['agents', `${own.length} agents of actions/ (${own.map(({ name }) => name).join(', ')})`],
  ['random', `${random.length} agents with random tools`],
] as const) {
  console.log(
    `${what}: ${of(`${source} all`)} envelopes, ${of(`${source} valid`)} valid, ${of(`${source} length`)} cut at ${maxTokens} tokens, ${of(`${source} only the full schema`)} caught by the full schema alone (of ${of(`${source} lowered`)} under a lowered one), ${of(`${source} error`)} schema errors`,
  );
}
if (notes.size > 0) {
  const sorted = [...notes].toSorted(([, a], [, b]) => b - a);
  console.log(
    `lowered where the full schema caught something: ${sorted.map(([note, times]) => `${note} ${times}`).join(', ')}`,
  );
}
const total = (verdict: Verdict): number => of(`agents ${verdict}`) + of(`random ${verdict}`);
console.log(
  `schema errors over ${cases.length} constrained envelopes: ${total('error')} (goal 0); only the full schema caught ${total('only the full schema')}, ${total('length')} were cut at ${maxTokens} tokens; ${Math.round(of('tokens') / seconds)} tokens/s, ${seconds.toFixed(0)} s`,
);
for (const error of errors) console.log(`  ${error}`);
process.exitCode = total('error') === 0 ? 0 : 1;
