// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault, type Message } from '../contract/engine.ts';
import { ContextFault } from '../served/context-fault.ts';
import { countOf, memberOf } from '../served/read-json.ts';
import { askServer } from '../served/who-answers.ts';
import { openAiRefusal } from './refusal.ts';
import { conversationOf } from './request.ts';
import type { OpenAiServer } from './server.ts';

/** Reading a long prompt for the first time takes a small machine minutes. */
const timeoutMs = 600_000;

/**
 * Has the server read the prompt for one token of an answer; what it read stays in its cache for the
 * request that follows. Nothing when the prompt does not fit. @throws EngineFault
 */
export const countByServer = async (
  server: OpenAiServer,
  messages: readonly Message[],
): Promise<number | undefined> => {
  const { endpoint, model } = server;
  const body = { ...conversationOf(model, messages), stream: false, max_tokens: 1, temperature: 0 };
  const answer = await askServer(endpoint, '/v1/chat/completions', { body, timeoutMs });
  if (answer.status !== 200) {
    const fault = openAiRefusal(server, answer);
    if (fault instanceof ContextFault) return undefined;
    throw fault;
  }
  const usage = memberOf(endpoint.parse(answer.body), 'usage');
  const tokens = countOf(memberOf(usage, 'prompt_tokens'));
  if (tokens !== undefined) return tokens;
  throw new EngineFault(
    `${endpoint.address} does not tell how many tokens a prompt takes; update the server`,
  );
};
