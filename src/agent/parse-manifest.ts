// SPDX-License-Identifier: GPL-3.0-only
import { memoise } from '../data/memoise.ts';
import { parseDocumentAs } from '../data/read-document.ts';
import type { Source } from '../data/read-source.ts';
import { type AgentManifest, agentSchema } from './schema.ts';

/** An agent's manifest from its `agent.yaml`. @throws UserError with the place of every mistake. */
export const parseManifest = ({ name, text }: Source): AgentManifest => parse(`${name}\0${text}`);

/** By the file's name and text: whoever opens several setups meets the same agents in each. */
const parse = memoise(100, (named): AgentManifest => {
  const end = named.indexOf('\0');
  const source = { name: named.slice(0, end), text: named.slice(end + 1) };
  return parseDocumentAs(source, agentSchema);
});
