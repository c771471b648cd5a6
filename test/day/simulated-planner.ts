// SPDX-License-Identifier: GPL-3.0-only
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

/* A server on loopback in the form of OpenAI's /chat/completions that answers what a test says. */

export type Asked = {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly content: string }[];
  };
};

export type SimulatedPlanner = {
  /** What PANTHEON_DAY_URL would say. */
  readonly url: string;
  readonly asked: Asked[];
};

export const completion = (content: unknown, finish = 'stop') => ({
  id: 'x',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: finish }],
  usage: { prompt_tokens: 1, completion_tokens: 1 },
});

export const openPlanner = async (
  t: ExecutionContext,
  /** The n-th answer, the last one for all that follow: a text, or what to do with the response. */
  ...answers: readonly (string | ((response: ServerResponse) => void))[]
): Promise<SimulatedPlanner> => {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
    const answer = answers[Math.min(asked.length, answers.length) - 1] ?? '';
    if (typeof answer === 'string') response.end(JSON.stringify(completion(answer)));
    else answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
};
