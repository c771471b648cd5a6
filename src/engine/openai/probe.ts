// SPDX-License-Identifier: GPL-3.0-only
import type { Runtime } from '../../config/schema.ts';
import { digestOf, type Json } from '../../data/digest.ts';
import { printable } from '../../data/printable.ts';
import { type Check, EngineFault, type Probe } from '../contract/engine.ts';
import { checkServedModel } from '../models/model-files.ts';
import {
  countOf,
  itemsOf,
  memberOf,
  namesForMessage,
  parseIfJson,
  textOf,
} from '../served/read-json.ts';
import type { Told } from '../served/same-model.ts';
import { digestAt, weightsCheck } from '../served/weights-at.ts';
import { askServer, whoAnswers } from '../served/who-answers.ts';
import { openAiRefusal } from './refusal.ts';
import type { OpenAiServer } from './server.ts';
import { countByServer } from './tokens.ts';

/** What a server tells of itself and its model; llama-server tells the most. */
export type OpenAiModel = {
  readonly version: string;
  readonly contextTokens: number;
  /** What the server was started with, where it tells. */
  readonly servedContext: number | undefined;
  /** How many requests it takes at once, where it tells. */
  readonly servedSlots: number | undefined;
  /** Path of the weights. */
  readonly root: string | undefined;
  /** sha256 of the weights, where they can be read from here. */
  readonly weights: string | undefined;
  readonly told: Told;
};

/** Reading weights from a slow disk. */
const loadTimeoutMs = 600_000;

/** Counts that llama-server tells of a model that it has loaded. */
const counts = ['n_params', 'size', 'n_vocab', 'n_embd'];

/**
 * Finds the model that a runtime names. @throws EngineFault where another kind of server answers, an Ollama
 * server among them: only engine ollama sees to it that no cloud writes its answers.
 */
export const findOpenAiModel = async (
  server: OpenAiServer,
  { contextTokens: wanted }: Pick<Runtime, 'contextTokens'>,
): Promise<OpenAiModel> => {
  const { endpoint, model } = server;
  const listed = await listModels(server);
  if (textOf(memberOf(await jsonAt(server, '/api/version'), 'version')) !== undefined) {
    throw new EngineFault(
      `${endpoint.address} is an Ollama server; bind it with engine: ollama, which refuses a cloud's answers`,
    );
  }
  if (entryOf(listed, model) === undefined) {
    const names = namesForMessage(listed.flatMap((one) => textOf(memberOf(one, 'id')) ?? []));
    throw new EngineFault(
      `${server.setting}.model: the server does not serve "${model}"; it serves: ${names}; correct the name, or start llama-server with --alias ${model}`,
    );
  }
  // A server with several models loads this one to answer, and tells of it what it does not tell before.
  const props = await jsonAt(server, `/props?model=${encodeURIComponent(model)}`, loadTimeoutMs);
  const entry = entryOf(props === undefined ? listed : await listModels(server), model);
  const meta = memberOf(entry, 'meta');
  const servedContext =
    positive(memberOf(meta, 'n_ctx')) ?? positive(memberOf(entry, 'max_model_len'));
  const build = textOf(memberOf(props, 'build_info'));
  const root = textOf(memberOf(props, 'model_path')) ?? textOf(memberOf(entry, 'root'));
  const weights = await digestAt(root, server.setting);
  return {
    version:
      build === undefined ? 'of unknown version' : `llama-server ${printable(build).slice(0, 60)}`,
    contextTokens: contextOf(server, servedContext, wanted),
    servedContext,
    servedSlots: positive(memberOf(props, 'total_slots')),
    root,
    weights,
    told: {
      sha256: weights,
      path: weights === undefined ? root : undefined,
      ...Object.fromEntries(counts.map((name) => [name, countOf(memberOf(meta, name))])),
      build,
    },
  };
};

const entryOf = (listed: readonly Json[], model: string): Json | undefined =>
  listed.find((one) => textOf(memberOf(one, 'id')) === model);

/** What a server says of the model that was found there. @throws EngineFault naming setting and fix; UserError where models.lock pins other weights. */
export const probeOpenAi = async (
  server: OpenAiServer,
  runtime: Runtime,
  served: OpenAiModel,
): Promise<Probe> => {
  const { endpoint, setting, model } = server;
  const { weights, root } = served;
  const pinned = checkServedModel(model, weights, server);
  const template = await templateCheck(server);
  const { servedSlots, servedContext, contextTokens, version } = served;
  const slots = Math.min(runtime.slots ?? servedSlots ?? 1, servedSlots ?? runtime.slots ?? 1);
  const { seed, temperature = 0 } = runtime;
  const checks: readonly (Check | undefined)[] = [
    ok('reachable', `${endpoint.address}: a server in OpenAI's form, ${version}`),
    ok('local', endpoint.origin === 'loopback' ? 'loopback only' : 'Unix socket'),
    pinned,
    weightsCheck(model, weights, root),
    contextCheck(served, setting),
    template,
    slotsCheck(served, runtime, setting),
  ];
  return {
    identity: {
      engine: 'openai',
      origin: endpoint.origin,
      version,
      model,
      modelDigest: weights ?? digestOf({ served: root ?? model }),
      ...(seed !== undefined && { seed }),
      temperature,
    },
    contextTokens,
    mostContextTokens: servedContext,
    slots,
    checks: checks.filter((check) => check !== undefined),
  };
};

const ok = (name: Check['name'], detail: string): Check => ({ name, state: 'ok', detail });

const positive = (value: Json | undefined): number | undefined => countOf(value) || undefined;

const listModels = async (server: OpenAiServer): Promise<readonly Json[]> => {
  const { endpoint } = server;
  const answer = await askServer(endpoint, '/v1/models');
  if (answer.status === 401 || answer.status === 403) throw openAiRefusal(server, answer);
  const data = answer.status === 200 ? memberOf(endpoint.parse(answer.body), 'data') : undefined;
  if (Array.isArray(data)) return itemsOf(data);
  throw new EngineFault(
    `${endpoint.address} is not a server in OpenAI's form: ${await whoAnswers(endpoint)}; correct the address, or the engine of this profile`,
  );
};

/** What only some servers have. */
const jsonAt = async (
  { endpoint }: OpenAiServer,
  path: string,
  timeoutMs?: number,
): Promise<Json | undefined> => {
  const { status, body } = await askServer(endpoint, path, timeoutMs ? { timeoutMs } : {});
  return status === 200 ? parseIfJson(body) : undefined;
};

const contextOf = (
  { setting, model }: OpenAiServer,
  served: number | undefined,
  wanted: number | undefined,
): number => {
  const context = wanted ?? served;
  if (context === undefined) {
    throw new EngineFault(
      `${setting}.contextTokens: the server does not tell how much context "${model}" has; set this to what it was started with`,
    );
  }
  if (served === undefined || context <= served) return context;
  throw new EngineFault(
    `${setting}.contextTokens: the server takes ${served} tokens and not ${context}; start it with a larger context (llama-server: --ctx-size, which its slots share), or lower this`,
  );
};

const contextCheck = ({ contextTokens, servedContext }: OpenAiModel, setting: string): Check =>
  servedContext === undefined
    ? {
        name: 'context',
        state: 'warn',
        detail: `${contextTokens} tokens as ${setting}.contextTokens says; the server does not tell`,
        fix: 'see that it was started with as many, and that it refuses a longer prompt and cuts none',
      }
    : ok('context', `${contextTokens} tokens of the ${servedContext} that one request has there`);

const templateCheck = async (server: OpenAiServer): Promise<Check> => {
  const tokens = await countByServer(server, [
    { role: 'system', content: 's' },
    { role: 'user', content: 'u' },
  ]);
  return ok('template', `present; the shortest conversation takes ${tokens ?? 'too many'} tokens`);
};

const slotsCheck = (
  { servedSlots }: OpenAiModel,
  { slots }: Pick<Runtime, 'slots'>,
  setting: string,
): Check => {
  if (servedSlots !== undefined)
    return ok('slots', `${slots ?? servedSlots}; the server takes ${servedSlots}`);
  return slots === undefined
    ? {
        name: 'slots',
        state: 'warn',
        detail: 'one at a time; the server does not tell how many it takes',
        fix: `set ${setting}.slots to what it was started with`,
      }
    : ok('slots', `${slots}; the server does not tell how many it takes`);
};
