// SPDX-License-Identifier: GPL-3.0-only
import { configMistake } from '../../config/config-mistake.ts';
import type { Runtime } from '../../config/schema.ts';
import type { Completion, CompletionRequest, Engine } from '../contract/engine.ts';
import { refuseForeign } from '../contract/foreign-keys.ts';
import type { ModelAsk } from '../models/model-files.ts';
import { vllmAbilities } from '../schema/abilities.ts';
import { readChatAnswer } from '../served/chat-answer.ts';
import { constraintOf, openLowering } from '../served/held-schema.ts';
import { openTokenMemory } from '../served/token-memory.ts';
import { askServer as askOnce } from '../served/who-answers.ts';
import { openEndpoint } from '../wire/endpoint.ts';
import { loadAdapter, unloadAdapter } from './adapters.ts';
import { sumsIn } from './metrics.ts';
import { takesPriority } from './priority.ts';
import { probeVllm } from './probe.ts';
import { vllmRefusal } from './refusal.ts';
import { bodyOf } from './request.ts';
import type { VllmServer } from './server.ts';
import { countByServer } from './tokens.ts';

/** An event of one token takes some 250 bytes; more than this is not an answer of an engine. */
const bytesPerToken = 4096;

/**
 * An engine behind a vLLM server's `/v1/chat/completions`, streamed; nothing is tried twice here.
 * @throws EngineFault when the endpoint is not local, UserError when no model is named or a key means nothing.
 */
export const openVllmEngine = async (runtime: Runtime, ask: ModelAsk): Promise<Engine> => {
  const { socket, url, model } = runtime;
  refuseForeign(runtime, ask.setting);
  if (model === undefined) {
    throw configMistake(
      `${ask.setting}.model: names no model; give the name under which the server lists it`,
    );
  }
  const where = { ...(socket !== undefined && { socket }), ...(url !== undefined && { url }) };
  const { relay } = ask;
  const endpoint = await openEndpoint({ ...where, ...(relay && { relay }) }, ask.setting);
  const server: VllmServer = { ...ask, endpoint, model };
  const memory = openTokenMemory();
  const lower = openLowering(vllmAbilities);
  let priorities: Promise<boolean> | undefined;
  const priorityOf = async ({ priority = 0 }: CompletionRequest): Promise<number | undefined> => {
    if (priority === 0) return undefined;
    priorities ??= takesPriority(server);
    // A failure says nothing about the next time.
    priorities.catch(() => {
      priorities = undefined;
    });
    // There, lower goes first.
    return (await priorities) ? -priority : undefined;
  };

  const complete = async (request: CompletionRequest): Promise<Completion> => {
    request.signal.throwIfAborted();
    const started = performance.now();
    const name = request.adapter ?? model;
    const constraint = lower(request.schema);
    const { prefill } = request;
    const priority = await priorityOf(request);
    const response = await endpoint.request({
      path: '/v1/chat/completions',
      body: bodyOf({
        ...request,
        name,
        schema: constraint.schema,
        temperature: request.temperature ?? runtime.temperature ?? 0,
        seed: request.seed ?? runtime.seed,
        priority,
      }),
      signal: request.signal,
      idleTimeoutMs: request.idleTimeoutMs,
      ...(request.onProgress && { onProgress: request.onProgress }),
      maxBytes: (request.maxTokens + 16) * bytesPerToken,
    });
    if (response.status !== 200) {
      throw await vllmRefusal(server, {
        status: response.status,
        body: await response.text(),
        name,
      });
    }
    const { firstTokenAt, ...answer } = await readChatAnswer(
      response.events,
      endpoint,
      request.onProgress,
    );
    if (prefill === undefined) memory.remember(request.messages, answer.usage.prompt);
    const total = performance.now() - started;
    return {
      ...answer,
      text: `${prefill ?? ''}${answer.text}`,
      timing: { firstToken: firstTokenAt === undefined ? total : firstTokenAt - started, total },
      constraint: constraintOf(constraint, prefill === undefined ? undefined : 'continued'),
    };
  };

  return {
    complete,
    probe: () => probeVllm(server, runtime),
    countTokens: async (messages) => {
      const remembered = memory.recall(messages);
      if (remembered !== undefined) return remembered;
      const tokens = await countByServer(server, messages);
      memory.remember(messages, tokens);
      return tokens;
    },
    close: endpoint.close,
    loadAdapter: (name, path) => loadAdapter(server, name, path),
    unloadAdapter: (name) => unloadAdapter(server, name),
    prefixCounts: async () => {
      const sums = sumsIn((await askOnce(endpoint, '/metrics')).body);
      return {
        queries: sums.get('vllm:prefix_cache_queries_total') ?? 0,
        hits: sums.get('vllm:prefix_cache_hits_total') ?? 0,
      };
    },
  };
};
