// SPDX-License-Identifier: GPL-3.0-only
import { configMistake } from '../../config/config-mistake.ts';
import type { Runtime } from '../../config/schema.ts';
import type { Completion, CompletionRequest, Engine } from '../contract/engine.ts';
import { refuseForeign } from '../contract/foreign-keys.ts';
import type { ModelAsk } from '../models/model-files.ts';
import { openaiAbilities } from '../schema/abilities.ts';
import { readChatAnswer } from '../served/chat-answer.ts';
import { constraintOf, openLowering } from '../served/held-schema.ts';
import { openSameModel } from '../served/same-model.ts';
import { openTokenCounter } from '../served/token-counter.ts';
import { openEndpoint } from '../wire/endpoint.ts';
import { findOpenAiModel, probeOpenAi } from './probe.ts';
import { openAiRefusal } from './refusal.ts';
import { bodyOf } from './request.ts';
import type { OpenAiServer } from './server.ts';
import { countByServer } from './tokens.ts';

/** An event of one token takes some 300 bytes; more than this is not an answer of an engine. */
const bytesPerToken = 4096;

/**
 * An engine behind any server in OpenAI's form on this machine: llama-server, LM Studio, llama-swap. Streamed;
 * nothing is tried twice here. @throws EngineFault when the endpoint is not local, UserError when no model is
 * named or a key means nothing.
 */
export const openOpenAiEngine = async (runtime: Runtime, ask: ModelAsk): Promise<Engine> => {
  const { socket, url, model } = runtime;
  refuseForeign(runtime, ask.setting);
  if (model === undefined) {
    throw configMistake(
      `${ask.setting}.model: names no model; give the name under which the server lists it`,
    );
  }
  refuseAdapter(runtime.adapter, ask.setting);
  const where = { ...(socket !== undefined && { socket }), ...(url !== undefined && { url }) };
  const { relay } = ask;
  const endpoint = await openEndpoint({ ...where, ...(relay && { relay }) }, ask.setting);
  const server: OpenAiServer = { ...ask, endpoint, model };
  const lower = openLowering(openaiAbilities);
  const same = openSameModel(() => findOpenAiModel(server, runtime), server);
  const counter = openTokenCounter(
    async () => (await same.look()).contextTokens,
    (messages) => countByServer(server, messages),
  );

  const complete = async (request: CompletionRequest): Promise<Completion> => {
    request.signal.throwIfAborted();
    const started = performance.now();
    refuseAdapter(request.adapter, ask.setting);
    const constraint = lower(request.schema);
    await same.look();
    const response = await endpoint.request({
      path: '/v1/chat/completions',
      body: bodyOf(model, {
        messages: request.messages,
        maxTokens: request.maxTokens,
        schema: constraint.schema,
        temperature: request.temperature ?? runtime.temperature ?? 0,
        seed: request.seed ?? runtime.seed,
      }),
      signal: request.signal,
      idleTimeoutMs: request.idleTimeoutMs,
      ...(request.onProgress && { onProgress: request.onProgress }),
      maxBytes: (request.maxTokens + 16) * bytesPerToken,
    });
    if (response.status !== 200) {
      throw openAiRefusal(server, { status: response.status, body: await response.text() });
    }
    const { firstTokenAt, ...answer } = await readChatAnswer(
      response.events,
      endpoint,
      request.onProgress,
    );
    counter.remember(request.messages, answer.usage.prompt);
    const total = performance.now() - started;
    return {
      ...answer,
      timing: { firstToken: firstTokenAt === undefined ? total : firstTokenAt - started, total },
      // Servers differ in whether they continue an answer that has begun.
      constraint: constraintOf(constraint, request.prefill === undefined ? undefined : 'left-out'),
    };
  };

  return {
    complete: async (request) => {
      try {
        return await complete(request);
      } catch (error) {
        same.forget();
        throw error;
      }
    },
    probe: async () => probeOpenAi(server, runtime, await same.begin()),
    countTokens: counter.count,
    close: endpoint.close,
  };
};

const refuseAdapter = (adapter: string | undefined, setting: string): void => {
  if (adapter === undefined) return;
  throw configMistake(
    `${setting}.adapter: a server in OpenAI's form is asked for models only; start it with the adapter (llama-server: --lora FILE), and give the name it has there as "model"`,
  );
};
