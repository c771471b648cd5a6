// SPDX-License-Identifier: GPL-3.0-only
import type { IncomingMessage, RequestListener } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import type { Runtime } from '../../../src/config/schema.ts';
import type { Json } from '../../../src/data/digest.ts';
import {
  type BusyFault,
  type CompletionRequest,
  type Engine,
  EngineFault,
} from '../../../src/engine/contract/engine.ts';
import type { NotLocalFault } from '../../../src/engine/wire/faults.ts';
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

type Opening = {
  readonly open: (socket: string, more: Partial<Runtime>) => Promise<Engine>;
  /** The setting that every fault begins with. */
  readonly setting: string;
  readonly healthy: Readonly<Record<string, Reply>>;
  /** Where completions are asked for. */
  readonly chat: string;
};

/** An engine on a server that answers as a healthy one but for `replies`, and what it must not take. */
export const engineTables = ({ open, setting, healthy, chat }: Opening) => {
  const hold = async (
    t: ExecutionContext,
    replies: Readonly<Record<string, Reply>> = {},
    more: Partial<Runtime> = {},
  ) => {
    const answers: Record<string, Reply> = { ...healthy, ...replies };
    const { socket, asked } = await pretend(t, answers);
    const engine = await open(socket, more);
    t.teardown(engine.close);
    return { engine, asked, answers };
  };
  const faultOf = async (
    t: ExecutionContext,
    doing: Promise<unknown>,
    ...[message, kind = EngineFault]: Expected
  ): Promise<void> => {
    const error = await t.throwsAsync(doing, { instanceOf: kind });
    t.true(error.message.startsWith(setting), error.message);
    t.regex(error.message, message);
    t.notRegex(error.message, /\p{Cc}/u);
  };
  const broken = test.macro({
    exec: async (t, reply: Reply, ...expected: Expected) => {
      const { engine } = await hold(t, { [chat]: reply });
      await faultOf(t, engine.complete(servedRequest()), ...expected);
    },
    title: (name = '') => `takes no answer: ${name}`,
  });
  const refused = test.macro({
    exec: async (
      t,
      replies: Readonly<Record<string, Reply>>,
      more: Partial<Runtime>,
      message: RegExp,
    ) => {
      const { engine, asked } = await hold(t, replies, more);
      await faultOf(t, engine.probe(), message);
      t.is(asked.get(chat), undefined, 'no model was loaded');
    },
    title: (name = '') => `the probe refuses ${name}`,
  });
  return { hold, broken, refused };
};

type Expected = readonly [
  message: RegExp,
  kind?: typeof EngineFault | typeof BusyFault | typeof NotLocalFault,
];
