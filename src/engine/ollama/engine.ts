// SPDX-License-Identifier: GPL-3.0-only
import { configMistake } from '../../config/config-mistake.ts';
import type { Runtime } from '../../config/schema.ts';
import type { Json } from '../../data/digest.ts';
import type { Completion, CompletionRequest, Engine } from '../contract/engine.ts';
import { refuseForeign } from '../contract/foreign-keys.ts';
import type { ModelAsk } from '../models/model-files.ts';
import { ollamaAbilities } from '../schema/abilities.ts';
import { constraintOf, openLowering } from '../served/held-schema.ts';
import { openSameModel } from '../served/same-model.ts';
import { openTokenCounter } from '../served/token-counter.ts';
import { openEndpoint } from '../wire/endpoint.ts';
import { readOllamaAnswer } from './answer.ts';
import { refuseCloudName } from './cloud.ts';
import { findServedModel, probeOllama } from './probe.ts';
import { ollamaRefusal } from './refusal.ts';
import { loadOptions, type OllamaServer, wholePrompt } from './server.ts';
import { countByServer } from './tokens.ts';
import { usualUrl } from './usual-url.ts';

/** A line of one token takes some 130 bytes; more than this is not an answer of an engine. */
const bytesPerToken = 4096;

/**
 * An engine behind an Ollama server's `/api/chat`, streamed; nothing is tried twice here.
 * @throws EngineFault when endpoint or model are not local, UserError when no model is named or a key means nothing.
 */
export const openOllamaEngine = async (runtime: Runtime, ask: ModelAsk): Promise<Engine> => {
  const { socket, threads, url = socket === undefined ? usualUrl : undefined } = runtime;
  refuseForeign(runtime, ask.setting);
  const model = nameOf(runtime, ask.setting);
  const where = { ...(socket !== undefined && { socket }), ...(url !== undefined && { url }) };
  const { relay } = ask;
  const endpoint = await openEndpoint({ ...where, ...(relay && { relay }) }, ask.setting);
  const server: OllamaServer = {
    ...ask,
    endpoint,
    model,
    ...(threads !== undefined && { threads }),
  };
  const lower = openLowering(ollamaAbilities);
  const same = openSameModel(() => findServedModel(server, runtime), server);
  const counter = openTokenCounter(
    async () => (await same.look()).contextTokens,
    (messages, context) => countByServer(server, messages, context),
  );

  const complete = async (request: CompletionRequest): Promise<Completion> => {
    request.signal.throwIfAborted();
    const started = performance.now();
    refuseAdapter(request.adapter, ask.setting);
    const constraint = lower(request.schema);
    const { contextTokens } = await same.look();
    const response = await endpoint.request({
      path: '/api/chat',
      body: bodyOf(server, request, {
        schema: constraint.schema,
        temperature: request.temperature ?? runtime.temperature ?? 0,
        seed: request.seed ?? runtime.seed,
        contextTokens,
      }),
      signal: request.signal,
      idleTimeoutMs: request.idleTimeoutMs,
      ...(request.onProgress && { onProgress: request.onProgress }),
      maxBytes: (request.maxTokens + 16) * bytesPerToken,
    });
    if (response.status !== 200) {
      throw ollamaRefusal(server, { status: response.status, body: await response.text() });
    }
    const answer = await readOllamaAnswer(response.lines, server, request.onProgress);
    const { text, finish, firstTokenAt, pieces } = answer;
    if (answer.usage) counter.remember(request.messages, answer.usage.prompt);
    const total = performance.now() - started;
    return {
      text,
      finish,
      usage: answer.usage ?? {
        prompt: counter.atMost(request.messages),
        cached: 0,
        completion: pieces,
      },
      timing: { firstToken: firstTokenAt === undefined ? total : firstTokenAt - started, total },
      // Whether an answer that has begun is continued is up to the model's template, and not told.
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
    probe: async () => probeOllama(server, runtime, await same.begin()),
    countTokens: counter.count,
    close: endpoint.close,
  };
};

const nameOf = ({ model, adapter }: Runtime, setting: string): string => {
  if (model === undefined) {
    throw configMistake(`${setting}.model: names no model; give one that "ollama list" shows`);
  }
  refuseCloudName(model, setting);
  refuseAdapter(adapter, setting);
  return model;
};

const refuseAdapter = (adapter: string | undefined, setting: string): void => {
  if (adapter === undefined) return;
  throw configMistake(
    `${setting}.adapter: Ollama takes adapters only as part of a model; create one from a Modelfile with FROM and ADAPTER, and give its name as "model"`,
  );
};

/** The body of a chat; https://docs.ollama.com/api/chat */
const bodyOf = (
  server: OllamaServer,
  { messages, maxTokens }: CompletionRequest,
  how: {
    readonly schema: Json;
    readonly temperature: number;
    readonly seed: number | undefined;
    readonly contextTokens: number;
  },
): Json => ({
  ...wholePrompt(server.model),
  messages: messages.map(({ role, content }) => ({ role, content })),
  stream: true,
  format: how.schema,
  options: {
    ...loadOptions(server, how.contextTokens),
    num_predict: maxTokens,
    temperature: how.temperature,
    ...(how.seed !== undefined && { seed: how.seed }),
    // An answer that quotes a template's marks would end there; the grammar says where it ends.
    stop: [],
    // JSON repeats its names and marks, and an edit repeats what it found.
    repeat_penalty: 1,
  },
});
