// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../../data/digest.ts';
import { escapeControls } from '../../engine/contract/control-tokens.ts';
import { renderReply, renderTask } from '../conversation.ts';
import type { EnvelopeDialect } from '../dialect.ts';
import { readEnvelope } from '../read-envelope.ts';

const answerForm = [
  'Answer each time with exactly one JSON object and nothing before or after it.',
  'To use a tool: {"type":"tool","name":<its name>,"args":<by its schema>}',
  'When done: {"type":"final","output":{"status":"ok","notes":<one sentence>,"metrics":{},"result":<by the schema below>}}',
  'When it cannot be done: the same with status "fail", the reason in notes and an empty result {}.',
  'An error answers a bad step; read its reason and do otherwise. The same call again and again ends the task.',
].join('\n');

/** Plain JSON both ways, read strictly: what the rules specialists speak, and models taught here. */
export const envelope: EnvelopeDialect = {
  name: 'envelope',
  renderSystem: ({ agent, prompt, protocol: { toolLines } }) =>
    [
      prompt.trim(),
      `# Answers\n\n${answerForm}\n\nresult: ${escapeControls(canonicalJson(agent.out))}`,
      `# Tools\n\n${escapeControls(toolLines) || 'none'}`,
    ].join('\n\n'),
  renderTask,
  renderReply,
  renderAnswer: (value) => escapeControls(canonicalJson(value)),
  schemaOf: ({ schema }) => schema,
  read: (text, protocol) => ({
    reading: readEnvelope(text, protocol),
    said: escapeControls(text),
  }),
};
