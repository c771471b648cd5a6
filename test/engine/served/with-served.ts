// SPDX-License-Identifier: GPL-3.0-only
import type { IncomingMessage, RequestListener } from 'node:http';
import type { ExecutionContext } from 'ava';
import type { Json } from '../../../src/data/digest.ts';
import type { CompletionRequest } from '../../../src/engine/contract/engine.ts';
import { serve } from '../wire/with-server.ts';

/** What a pretended server answers on a path: a status with a body, or a body alone. */
export type Reply = string | Json | readonly [status: number, body: string | Json];

export type Pretended = {
  readonly socket: string;
  /** Bodies that arrived, by path, in order. */
  readonly asked: ReadonlyMap<string, readonly Json[]>;
};

/** A server that pretends to be an engine: each path has one reply, all others are not found. */
export const pretend = async (
  t: ExecutionContext,
  replies: Readonly<Record<string, Reply>>,
): Promise<Pretended> => {
  const asked = new Map<string, Json[]>();
  const listener: RequestListener = async (request, answer) => {
    const path = request.url ?? '';
    const body = await bodyOf(request);
    if (body !== '') asked.set(path, [...(asked.get(path) ?? []), JSON.parse(body)]);
    const reply: Reply = replies[path] ?? [404, { detail: 'Not Found' }];
    const [status, said] = isPair(reply) ? reply : [200, reply];
    answer.statusCode = status;
    answer.end(typeof said === 'string' ? said : JSON.stringify(said));
  };
  return { socket: await serve(t, listener), asked };
};

const isPair = (reply: Reply): reply is readonly [number, string | Json] =>
  Array.isArray(reply) && reply.length === 2 && typeof reply[0] === 'number';

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
};

export const servedRequest = (more: Partial<CompletionRequest> = {}): CompletionRequest => ({
  messages: [{ role: 'user', content: 'hello' }],
  schema: { type: 'object', properties: { a: { const: 1 } }, required: ['a'] },
  maxTokens: 100,
  idleTimeoutMs: 2000,
  signal: new AbortController().signal,
  ...more,
});
