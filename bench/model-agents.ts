// SPDX-License-Identifier: GPL-3.0-only
import { discoverAgents, isModelAgent, type ModelAgent, openAgent } from '../src/agent/registry.ts';

/** Agents of a folder by name, each of which has a model. @throws Error where one has none. */
export const modelAgents = async (
  folder: string,
  names: Iterable<string>,
): Promise<ReadonlyMap<string, ModelAgent>> => {
  const entries = await discoverAgents([folder]);
  const agents = new Map<string, ModelAgent>();
  for (const name of new Set(names)) {
    const entry = entries.get(name);
    const agent = entry && (await openAgent(entry));
    if (!agent || !isModelAgent(agent)) throw new Error(`${name} is not an agent with a model`);
    agents.set(name, agent);
  }
  return agents;
};
