// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault, type Message } from '../contract/engine.ts';
import { complaintIn, countOf, memberOf } from '../served/read-json.ts';
import { askServer } from '../served/who-answers.ts';
import { seeItsLog } from '../wire/faults.ts';
import type { VllmServer } from './server.ts';

/** A server in the middle of a large batch takes its time to count. */
const timeoutMs = 120_000;

/** What every request gives the chat template, when it is counted as when it is answered. */
export const templateArguments = { enable_thinking: false };

/** Tokens of a prompt, by the server's own tokenizer and template. @throws EngineFault */
export const countByServer = async (
  server: Pick<VllmServer, 'endpoint' | 'model' | 'setting'>,
  messages: readonly Message[],
): Promise<number> => {
  const { endpoint, model, setting } = server;
  const body = {
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    add_generation_prompt: true,
    chat_template_kwargs: templateArguments,
  };
  const answer = await askServer(endpoint, '/tokenize', { body, timeoutMs });
  const tokens =
    answer.status === 200 ? countOf(memberOf(endpoint.parse(answer.body), 'count')) : undefined;
  if (tokens !== undefined) return tokens;
  const said = complaintIn(answer.body);
  if (/chat template/i.test(said)) {
    throw new EngineFault(
      `${setting}.model: "${model}" has no chat template (${said}); start the server with --chat-template FILE`,
    );
  }
  throw new EngineFault(
    `${endpoint.address} counts no tokens (HTTP ${answer.status}): ${said}; ${seeItsLog}`,
  );
};
