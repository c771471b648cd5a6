// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { protocolFor } from '../../../src/agent/envelope-schema.ts';
import { renderSystem } from '../../../src/agent/prompt.ts';
import { discoverAgents, isModelAgent, openAgent } from '../../../src/agent/registry.ts';
import { vllmAbilities } from '../../../src/engine/schema/abilities.ts';
import { lowerSchema } from '../../../src/engine/schema/lower-schema.ts';
import { loadTools } from '../../../src/tool/load-tools.ts';
import { simulatedModel } from '../../../test/simulated-engine/settings.ts';

const home = join(import.meta.dirname, '..', '..', 'langgraph');
const run = promisify(execFile);

/** Installs LangGraph.js where it is missing; why it could not be, where it could not. */
export const whyNoLanggraph = async (say: (line: string) => void): Promise<string | undefined> => {
  if (existsSync(join(home, 'node_modules', '@langchain', 'langgraph'))) return undefined;
  say(`installing LangGraph.js into ${home}`);
  const args = ['ci', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    await run('npm', args, { cwd: home, timeout: 300_000 });
    return undefined;
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: string };
    return `npm ci in bench/langgraph failed: ${stderr.trim().split('\n').at(-1) ?? error}`;
  }
};

/** What `bench/langgraph/flow.js` is to do: the same notes, prompts and schemas as the night's. */
export const langgraphJob = async (socket: string, units: number, slots: number) => {
  const agents = await discoverAgents([join(import.meta.dirname, '..', '..', 'night', 'rooms')]);
  const agentOf = async (name: string) => {
    const entry = agents.get(name);
    const room = entry && (await openAgent(entry));
    if (!room || !isModelAgent(room)) throw new Error(`${name} is no agent with a model`);
    const { manifest: agent, prompt } = room;
    const tools = await loadTools(agent.tools);
    return {
      system: renderSystem({ agent, prompt, tools }),
      schema: lowerSchema(protocolFor(agent, tools).schema, vllmAbilities).schema,
    };
  };
  const notes = Array.from({ length: units }, (_, index) => {
    const lines = Array.from({ length: 20 }, (_, line) => `Line ${line} of note ${index}.`);
    return { path: `notes/note-${index}.md`, body: `${lines.join('\n')}\n` };
  });
  return {
    script: join(home, 'flow.js'),
    job: {
      ...{ socket, slots, notes, model: simulatedModel },
      work: await agentOf('bench.work'),
      review: await agentOf('bench.review'),
    },
  };
};
