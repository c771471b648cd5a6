// SPDX-License-Identifier: GPL-3.0-only
import { complaintIn } from '../served/read-json.ts';
import { askServer } from '../served/who-answers.ts';
import { vllmRefusal } from './refusal.ts';
import type { VllmServer } from './server.ts';

/** The server may be full of others' requests. */
const timeoutMs = 300_000;

/**
 * Whether the server was started with `--scheduling-policy priority`: it tells nowhere, and refuses
 * every request with a priority where it was not. Asks for one token. @throws EngineFault
 */
export const takesPriority = async (server: VllmServer): Promise<boolean> => {
  const { endpoint, model } = server;
  const body = {
    model,
    messages: [{ role: 'user', content: '?' }],
    max_completion_tokens: 1,
    priority: -1,
  };
  const answer = await askServer(endpoint, '/v1/chat/completions', { body, timeoutMs });
  if (answer.status === 200) return true;
  if (answer.status === 400 && /priority/i.test(complaintIn(answer.body))) return false;
  throw await vllmRefusal(server, { ...answer, name: model });
};
