// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ListenOptions } from 'node:net';
import { join } from 'node:path';
import type { Json } from '../../src/data/digest.ts';
import { eventsOf, type Head, wholeAnswer } from './chat-forms.ts';
import { bodyOf, plain, send } from './http-answers.ts';
import {
  adapterSchema,
  bodyOfRefusal,
  Refusal,
  read,
  readChat,
  tokenizeSchema,
} from './read-request.ts';
import {
  defaultSettings,
  type SimulatedSettings,
  simulatedModel,
  simulatedVersion,
} from './settings.ts';
import { openSimulation, type Service } from './simulation.ts';
import { idsOf, renderPrompt, tokensOf } from './tokens.ts';

export type SimulatedEngine = {
  /** What the driver's runtime needs to reach it. */
  readonly address: { readonly socket: string } | { readonly url: string };
  readonly services: () => readonly Service[];
  /** Breaks every connection. */
  readonly close: () => Promise<void>;
};

type Handler = (body: string, answer: ServerResponse) => void | Promise<void>;

/**
 * A server in vLLM's wire form whose answers take drawn times in a bounded number of slots, and
 * follow the schema of each request; it computes nothing. Without a socket it takes a free port.
 */
export const startSimulatedEngine = async (
  options: Partial<SimulatedSettings> & { readonly socket?: string } = {},
): Promise<SimulatedEngine> => {
  const { socket, ...overrides } = options;
  const settings = { ...defaultSettings, ...overrides };
  const simulation = openSimulation(settings);
  const { contextTokens } = settings;
  const adapters = new Map<string, string>();
  const created = Math.floor(Date.now() / 1000);
  let answers = 0;

  const servedName = (model: string | undefined): string | undefined => {
    if (model === undefined || model === simulatedModel) return undefined;
    if (adapters.has(model)) return model;
    const names = [simulatedModel, ...adapters.keys()].join(', ');
    throw new Refusal(
      404,
      'NotFoundError',
      `The model \`${model}\` does not exist. Valid aliases: ${names}.`,
      'model',
    );
  };

  const chat: Handler = async (body, answer) => {
    const asked = readChat(body);
    const adapter = servedName(asked.model);
    const planned = simulation.plan(asked, adapter);
    const gone = new AbortController();
    answer.once('close', () => gone.abort());
    answers += 1;
    const head: Head = {
      id: `chatcmpl-simulated-${answers}`,
      created: Math.floor(Date.now() / 1000),
      model: adapter ?? simulatedModel,
    };
    const { finish } = planned;
    if (!asked.stream) {
      const text = planned.pieces.join('');
      await simulation.serve(
        planned,
        (_, usage) => usage && send(answer, 200, wholeAnswer(head, text, finish, usage)),
        gone.signal,
      );
      return;
    }
    const events = eventsOf(head, asked.stream_options?.include_usage ?? false);
    const begin = (): string => {
      if (answer.headersSent) return '';
      answer.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      return events.first;
    };
    await simulation.serve(
      planned,
      (pieces, usage) => {
        const started = begin();
        if (!usage) {
          answer.write(started + pieces.map(events.piece).join(''));
          return;
        }
        // Cut, the last piece carries the reason; otherwise the end is a token of its own.
        const last = finish === 'length' ? (pieces.at(-1) ?? '') : '';
        const before = finish === 'length' ? pieces.slice(0, -1) : pieces;
        answer.end(started + before.map(events.piece).join('') + events.last(last, finish, usage));
      },
      gone.signal,
    );
  };

  const models = (): Json => ({
    object: 'list',
    data: [simulatedModel, ...adapters.keys()].map((id, index) => ({
      id,
      object: 'model',
      created,
      owned_by: 'simulated',
      root: adapters.get(id) ?? simulatedModel,
      parent: index === 0 ? null : simulatedModel,
      max_model_len: index === 0 ? contextTokens : null,
      permission: [{ ...permission, id: `modelperm-simulated-${index}`, created }],
    })),
  });

  const handlers: Readonly<Record<string, Handler>> = {
    'GET /v1/models': (_, answer) => send(answer, 200, models()),
    'GET /version': (_, answer) => send(answer, 200, { version: simulatedVersion }),
    'GET /health': (_, answer) => plain(answer, ''),
    'GET /metrics': (_, answer) =>
      plain(answer, simulation.metrics.render(), 'text/plain; version=1.0.0; charset=utf-8'),
    // What no real server has.
    'GET /simulated': (_, answer) => send(answer, 200, simulation.services()),
    'POST /tokenize': (body, answer) => {
      const { model, messages, prompt, add_generation_prompt: open } = read(tokenizeSchema, body);
      servedName(model);
      const tokens = tokensOf(messages ? renderPrompt(messages, !open) : (prompt ?? ''));
      send(answer, 200, {
        count: tokens.length,
        max_model_len: contextTokens,
        tokens: idsOf(tokens),
        token_strs: null,
      });
    },
    'POST /v1/chat/completions': chat,
    'POST /v1/load_lora_adapter': (body, answer) => {
      const { lora_name: name, lora_path: path } = read(adapterSchema, body);
      if (adapters.has(name)) {
        throw new Refusal(
          400,
          'InvalidUserInput',
          `The lora adapter '${name}' has already been loaded.`,
        );
      }
      if (!existsSync(join(path, 'adapter_config.json'))) {
        const said = `Loading lora ${name} failed: No adapter found for ${path}`;
        throw new Refusal(404, 'NotFoundError', said);
      }
      adapters.set(name, path);
      plain(answer, `Success: LoRA adapter '${name}' added successfully.`);
    },
    'POST /v1/unload_lora_adapter': (body, answer) => {
      const { lora_name: name } = read(adapterSchema, body);
      if (!adapters.delete(name)) {
        throw new Refusal(404, 'NotFoundError', `The lora adapter '${name}' cannot be found.`);
      }
      plain(answer, `Success: LoRA adapter '${name}' removed successfully.`);
    },
  };

  const server = createServer((request, answer) => {
    answer.setHeader('server', 'simulated');
    handle(handlers, request, answer).catch((error: unknown) => {
      if (answer.headersSent) answer.destroy();
      else if (error instanceof Refusal) send(answer, error.status, bodyOfRefusal(error));
      else send(answer, 500, { error: { message: String(error), type: 'simulated', code: 500 } });
    });
  });
  // Its clients decide how long a connection lives.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  const where: ListenOptions = socket ? { path: socket } : { port: 0, host: '127.0.0.1' };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    address: socket ? { socket } : { url: `http://127.0.0.1:${port}` },
    services: simulation.services,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};

const permission = {
  object: 'model_permission',
  allow_create_engine: false,
  allow_sampling: true,
  allow_logprobs: true,
  allow_search_indices: false,
  allow_view: true,
  allow_fine_tuning: false,
  organization: '*',
  group: null,
  is_blocking: false,
};

const handle = async (
  handlers: Readonly<Record<string, Handler>>,
  request: IncomingMessage,
  answer: ServerResponse,
): Promise<void> => {
  const path = new URL(request.url ?? '/', 'http://simulated').pathname;
  const handler = handlers[`${request.method} ${path}`];
  if (handler) return handler(await bodyOf(request), answer);
  request.resume();
  const [allowed] = Object.keys(handlers).filter((name) => name.endsWith(` ${path}`));
  if (allowed === undefined) return send(answer, 404, { detail: 'Not Found' });
  answer.setHeader('allow', allowed.split(' ')[0] ?? '');
  send(answer, 405, { detail: 'Method Not Allowed' });
};
