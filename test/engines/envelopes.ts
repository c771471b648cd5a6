// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { type Protocol, protocolFor } from '../../src/agent/envelope-schema.ts';
import { readEnvelope } from '../../src/agent/read-envelope.ts';
import { discoverAgents, isModelAgent, openAgent } from '../../src/agent/registry.ts';
import type { Json } from '../../src/data/digest.ts';
import type { Completion, Constraint, Engine } from '../../src/engine/contract/engine.ts';
import type { Keywords } from '../../src/engine/schema/keywords.ts';
import { loadTools } from '../../src/tool/load-tools.ts';
import { isValid } from '../engine/schema/is-valid.ts';

/** What came of many answers; each is counted once. */
export type EnvelopeCounts = {
  asked: number;
  /** Not what the engine said that it holds: there is to be none. */
  schemaErrors: number;
  /** Ended by the limit of tokens: a failure of its own, and no error of the schema. */
  cut: number;
  /** As held, and refused by the full schema: what lowering let pass. */
  caughtAfterLowering: number;
  /** The first of the schema errors, for who looks into it. */
  firstError?: string;
};

const actionsFolder = join(import.meta.dirname, '..', '..', 'actions');

/** The protocols of agents that a model can play, as the nights have them. */
export const protocolsOf = async (agents: readonly string[]): Promise<readonly Protocol[]> => {
  const discovered = await discoverAgents([actionsFolder]);
  return Promise.all(
    agents.map(async (name) => {
      const entry = discovered.get(name);
      const agent = entry && (await openAgent(entry));
      if (!agent || !isModelAgent(agent)) throw new Error(`${name} is no agent with a model`);
      return protocolFor(agent.manifest, await loadTools(agent.manifest.tools));
    }),
  );
};

/** Asks for envelopes of the agents in turn, each with a seed of its own, some at a time. */
export const askEnvelopes = async (
  engine: Pick<Engine, 'complete'>,
  options: {
    readonly amount: number;
    readonly atOnce: number;
    readonly agents: readonly string[];
    readonly maxTokens: number;
    readonly idleTimeoutMs: number;
    readonly signal: AbortSignal;
  },
): Promise<EnvelopeCounts> => {
  const { amount, atOnce, agents, ...limits } = options;
  const protocols = await protocolsOf(agents);
  const counts = { asked: 0, schemaErrors: 0, cut: 0, caughtAfterLowering: 0 };
  const asker = async (): Promise<void> => {
    while (counts.asked < amount) {
      const index = counts.asked;
      counts.asked += 1;
      const protocol = protocols[index % protocols.length];
      if (!protocol) throw new Error('no agents');
      const completion = await engine.complete({
        messages: [
          { role: 'system', content: 'You work on notes. Answer with JSON.' },
          { role: 'user', content: `note ${index}: # Owls` },
        ],
        schema: protocol.schema,
        seed: index,
        temperature: 1,
        ...limits,
      });
      judge(completion, protocol, counts);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, asker));
  return counts;
};

const judge = (completion: Completion, protocol: Protocol, counts: EnvelopeCounts): void => {
  const { text, finish, constraint } = completion;
  if (finish === 'length') {
    counts.cut += 1;
    return;
  }
  if (!follows(text, withoutDropped(protocol.schema, constraint?.dropped ?? []))) {
    counts.schemaErrors += 1;
    counts.firstError ??= text;
    return;
  }
  if (readEnvelope(text, protocol).kind === 'bad') counts.caughtAfterLowering += 1;
};

const follows = (text: string, schema: Keywords): boolean => {
  try {
    return isValid(schema, JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
};

/** The schema without the keywords that the engine says it does not hold. */
export const withoutDropped = (schema: Keywords, dropped: Constraint['dropped']): Keywords => {
  const copy = structuredClone(schema) as Record<string, Json>;
  for (const { pointer, keyword } of dropped) {
    const path = pointer.split('/').slice(1);
    const at = path.reduce<Json | undefined>(
      (part, name) => (part as Readonly<Record<string, Json>> | undefined)?.[name],
      copy,
    );
    if (at !== undefined) delete (at as Record<string, Json>)[keyword];
  }
  return copy;
};

/** The counts as one line. */
export const tellCounts = (engine: string, counts: EnvelopeCounts): string =>
  `${engine}: ${counts.asked} constrained envelopes: ${counts.schemaErrors} schema errors, ${counts.caughtAfterLowering} caught only by the full schema after lowering, ${counts.cut} cut at the limit of tokens`;
