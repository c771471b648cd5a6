// SPDX-License-Identifier: GPL-3.0-only
import { complaint } from '../served/read-json.ts';
import { ask } from '../served/who-answers.ts';
import { refusalOf } from './refusal.ts';
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
  const answer = await ask(endpoint, '/v1/chat/completions', { body, timeoutMs });
  if (answer.status === 200) return true;
  if (answer.status === 400 && /priority/i.test(complaint(answer.body))) return false;
  throw await refusalOf(server, { ...answer, name: model });
};
