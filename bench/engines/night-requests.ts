// SPDX-License-Identifier: GPL-3.0-only

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderReply, renderTask } from '../../src/agent/conversation.ts';
import { envelope } from '../../src/agent/dialects/envelope.ts';
import { protocolFor } from '../../src/agent/envelope-schema.ts';
import { inputSchema } from '../../src/agent/schema.ts';
import type { CompletionRequest, Message } from '../../src/engine/contract/engine.ts';
import { normaliseSpec, specFileSchema } from '../../src/spec/schema.ts';
import { loadTools } from '../../src/tool/load-tools.ts';
import { modelAgents } from '../model-agents.ts';

const root = join(import.meta.dirname, '..', '..');

/** A conversation of a night: its first messages and how every answer must be. */
export type NightTask = {
  readonly agent: string;
  readonly messages: readonly Message[];
  readonly schema: CompletionRequest['schema'];
};

/** What follows an answer in a loop: the reply of a tool. */
export const toolReply = (step: number): Message => ({
  role: 'user',
  content: renderReply({ tool: 'set_frontmatter', result: { changed: true, step } }),
});

/** `amount` conversations as the example night has them: an agent's locked prompt, and a note. */
export const nightTasks = async (
  amount: number,
  agents: readonly string[] = ['doc.frontmatter', 'review.peer'],
): Promise<readonly NightTask[]> => {
  const protocols = await Promise.all(
    [...(await modelAgents(join(root, 'actions'), agents))].map(async ([name, opened]) => {
      const { manifest: agent, prompt } = opened;
      const tools = await loadTools(agent.tools);
      const protocol = protocolFor(agent, tools);
      const system = envelope.renderSystem({ agent, prompt, protocol });
      return { name, system, schema: protocol.schema };
    }),
  );
  const notes = globSync('examples/vault/**/*.md', { cwd: root })
    .sort()
    .map((path) => ({ path, body: readFileSync(join(root, path), 'utf8').slice(0, 2000) }))
    .filter(({ body }) => body !== '');
  return Array.from({ length: amount }, (_, index) => {
    const protocol = protocols[index % protocols.length];
    const note = notes[Math.floor(index / protocols.length) % notes.length];
    if (!protocol || !note) throw new Error('there are no notes');
    const task = renderTask(inputOf(note.path, note.body, index));
    return {
      agent: protocol.name,
      schema: protocol.schema,
      messages: [
        { role: 'system', content: protocol.system },
        { role: 'user', content: task },
      ],
    };
  });
};

const inputOf = (path: string, body: string, index: number) => ({
  ...inputSchema.parse({
    spec: normaliseSpec(
      specFileSchema.parse({
        title: 'Normalise frontmatter',
        scope: 'examples/vault/',
        acceptance: ['Every note has a title and sorted tags'],
      }),
      `chore-${index}`,
    ),
    unit: { kind: 'file', id: `note-${index}`, paths: [path] },
    inputs: {},
  }),
  path,
  body,
});
