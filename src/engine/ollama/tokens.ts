// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault, type Message } from '../contract/engine.ts';
import { ContextFault } from '../served/context-fault.ts';
import { countOf, memberOf } from '../served/read-json.ts';
import { askServer } from '../served/who-answers.ts';
import { ollamaRefusal } from './refusal.ts';
import { loadOptions, type OllamaServer, wholePrompt } from './server.ts';

/** Reading a long prompt for the first time takes a small machine minutes. */
const timeoutMs = 600_000;

/**
 * Has the server read the prompt for one token of an answer; what it read stays in its cache for the
 * request that follows. Nothing when the prompt does not fit. @throws EngineFault
 */
export const countByServer = async (
  server: OllamaServer,
  messages: readonly Message[],
  context: number,
): Promise<number | undefined> => {
  const { endpoint, model } = server;
  const body = {
    ...wholePrompt(model),
    messages: messages.map(({ role, content }) => ({ role, content })),
    stream: false,
    options: { ...loadOptions(server, context), num_predict: 1 },
  };
  const answer = await askServer(endpoint, '/api/chat', { body, timeoutMs });
  if (answer.status !== 200) {
    const fault = ollamaRefusal(server, answer);
    if (fault instanceof ContextFault) return undefined;
    throw fault;
  }
  const tokens = countOf(memberOf(endpoint.parse(answer.body), 'prompt_eval_count'));
  if (tokens !== undefined) return tokens;
  throw new EngineFault(
    `${endpoint.address} does not tell how many tokens a prompt takes; update the server`,
  );
};
