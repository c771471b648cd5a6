// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault } from '../engine.ts';
import { complaint } from '../served/read-json.ts';
import { ask } from '../served/who-answers.ts';
import type { VllmServer } from './server.ts';

/** The server may be full of others' requests. */
const timeoutMs = 300_000;

/**
 * Whether the server was started with `--scheduling-policy priority`: it tells nowhere, and refuses
 * every request with a priority where it was not. Asks for one token. @throws EngineFault
 */
export const takesPriority = async ({ endpoint, model }: VllmServer): Promise<boolean> => {
  const body = {
    model,
    messages: [{ role: 'user', content: '?' }],
    max_completion_tokens: 1,
    priority: -1,
  };
  const answer = await ask(endpoint, '/v1/chat/completions', { body, timeoutMs });
  if (answer.status === 200) return true;
  const said = complaint(answer.body);
  if (answer.status === 400 && /priority/i.test(said)) return false;
  throw new EngineFault(
    `${endpoint.address} refused a request of one token (HTTP ${answer.status}): ${said}`,
  );
};
