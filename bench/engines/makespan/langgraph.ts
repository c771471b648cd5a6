// SPDX-License-Identifier: GPL-3.0-only

import { join } from 'node:path';
import { envelope } from '../../../src/agent/dialects/envelope.ts';
import { protocolFor } from '../../../src/agent/envelope-schema.ts';
import type { ModelAgent } from '../../../src/agent/registry.ts';
import { vllmAbilities } from '../../../src/engine/schema/abilities.ts';
import { lowerSchema } from '../../../src/engine/schema/lower-schema.ts';
import { loadTools } from '../../../src/tool/load-tools.ts';
import { simulatedModel } from '../../../test/simulated-engine/settings.ts';
import { langgraphFolder } from '../../langgraph/install.ts';
import { modelAgents } from '../../model-agents.ts';

/** What `bench/langgraph/flow.js` is to do: the same notes, prompts and schemas as the night's. */
export const langgraphJob = async (socket: string, units: number, slots: number) => {
  const folder = join(import.meta.dirname, '..', '..', 'night', 'agents');
  const agents = await modelAgents(folder, ['bench.work', 'bench.review']);
  const agentOf = async (name: string) => {
    const { manifest: agent, prompt } = agents.get(name) as ModelAgent;
    const tools = await loadTools(agent.tools);
    const protocol = protocolFor(agent, tools);
    return {
      system: envelope.renderSystem({ agent, prompt, protocol }),
      schema: lowerSchema(protocol.schema, vllmAbilities).schema,
    };
  };
  const notes = Array.from({ length: units }, (_, index) => {
    const lines = Array.from({ length: 20 }, (_, line) => `Line ${line} of note ${index}.`);
    return { path: `notes/note-${index}.md`, body: `${lines.join('\n')}\n` };
  });
  return {
    script: join(langgraphFolder, 'flow.js'),
    job: {
      ...{ socket, slots, notes, model: simulatedModel },
      work: await agentOf('bench.work'),
      review: await agentOf('bench.review'),
    },
  };
};
