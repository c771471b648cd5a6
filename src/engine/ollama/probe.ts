// SPDX-License-Identifier: GPL-3.0-only
import type { Runtime } from '../../config/schema.ts';
import type { Json } from '../../data/digest.ts';
import { defaultContext } from '../contract/default-context.ts';
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
import { askServer, serverVersion } from '../served/who-answers.ts';
import { cloudCheck, refuseRemote } from './cloud.ts';
import { ollamaRefusal } from './refusal.ts';
import { loadOptions, type OllamaServer, wholePrompt } from './server.ts';

/** Reading weights from a slow disk. */
const loadTimeoutMs = 600_000;

/** What a model is, as far as it concerns a request. */
export type OllamaModel = {
  readonly version: string;
  readonly digest: string;
  /** Tokens that are asked for with every request. */
  readonly contextTokens: number;
  /** Tokens that the model was trained for. */
  readonly modelContext: number;
  readonly local: Check;
  readonly template: Check;
  readonly told: Told;
};

/**
 * Finds the model and sees that nothing of it is elsewhere; sends no prompt.
 * @throws EngineFault naming setting and fix.
 */
export const findServedModel = async (
  server: OllamaServer,
  runtime: Runtime,
): Promise<OllamaModel> => {
  const version = await serverVersion(server.endpoint, '/api/version', 'an Ollama');
  const local = await cloudCheck(server);
  const digest = await digestOf(server);
  const shown = await askServer(server.endpoint, '/api/show', { body: { model: server.model } });
  if (shown.status !== 200) throw ollamaRefusal(server, shown);
  const model = server.endpoint.parse(shown.body);
  refuseRemote(model, server);
  const modelContext = modelContextOf(model, server);
  return {
    version,
    digest,
    told: { sha256: digest },
    local,
    modelContext,
    contextTokens: contextOf(server, modelContext, runtime.contextTokens),
    template: templateCheck(model, server),
  };
};

/**
 * Has an Ollama server load the model that was found there, with the context that requests will ask for.
 * @throws EngineFault naming setting and fix; UserError where models.lock pins another model.
 */
export const probeOllama = async (
  server: OllamaServer,
  runtime: Runtime,
  served: OllamaModel,
): Promise<Probe> => {
  const { endpoint, model } = server;
  const { version } = served;
  const pinned = checkServedModel(model, served.digest, server);
  await load(server, served.contextTokens);
  const slots = runtime.slots ?? 1;
  const { seed, temperature = 0 } = runtime;
  return {
    identity: {
      engine: 'ollama',
      origin: endpoint.origin,
      version,
      model,
      modelDigest: served.digest,
      ...(seed !== undefined && { seed }),
      temperature,
    },
    contextTokens: served.contextTokens,
    mostContextTokens: served.modelContext,
    slots,
    checks: [
      { name: 'reachable', state: 'ok', detail: `${endpoint.address}: Ollama ${version}` },
      served.local,
      pinned,
      {
        name: 'context',
        state: 'ok',
        detail: `${served.contextTokens} tokens of the model's ${served.modelContext}`,
      },
      served.template,
      slotsCheck(server, runtime.slots),
    ],
  };
};

const slotsCheck = ({ setting }: OllamaServer, slots: number | undefined): Check =>
  slots === undefined
    ? {
        name: 'slots',
        state: 'warn',
        detail: 'one at a time; Ollama does not tell how many it takes (OLLAMA_NUM_PARALLEL)',
        fix: `set ${setting}.slots to the OLLAMA_NUM_PARALLEL that the server was started with`,
      }
    : { name: 'slots', state: 'ok', detail: `${slots}; as OLLAMA_NUM_PARALLEL should say` };

const nameOf = (entry: Json): string => textOf(memberOf(entry, 'name')) ?? '';

const entryOf = (models: readonly Json[], model: string): Json | undefined =>
  models.find((entry) => [model, `${model}:latest`].includes(nameOf(entry)));

/** sha256 of the model's manifest: weights, template and parameters. */
const digestOf = async (server: OllamaServer): Promise<string> => {
  const { endpoint, setting, model } = server;
  const { status, body } = await askServer(endpoint, '/api/tags');
  if (status !== 200) throw ollamaRefusal(server, { status, body });
  const models = itemsOf(memberOf(endpoint.parse(body), 'models'));
  const listed = entryOf(models, model);
  if (listed === undefined) {
    throw new EngineFault(
      `${setting}.model: the server has no model "${model}"; it has: ${namesForMessage(models.map(nameOf))}; correct the name, or by day: ollama pull ${model}`,
    );
  }
  refuseRemote(listed, server);
  const digest = textOf(memberOf(listed, 'digest'))?.replace(/^sha256:/, '');
  if (digest !== undefined && /^[0-9a-f]{64}$/.test(digest)) return digest;
  throw new EngineFault(`${endpoint.address} tells no digest of "${model}"; update the server`);
};

const modelContextOf = (model: Json, { endpoint, model: name }: OllamaServer): number => {
  const info = memberOf(model, 'model_info');
  const architecture = textOf(memberOf(info, 'general.architecture')) ?? '';
  const tokens = countOf(memberOf(info, `${architecture}.context_length`));
  if (tokens !== undefined && tokens > 0) return tokens;
  throw new EngineFault(`${endpoint.address} does not tell the context length of "${name}"`);
};

const contextOf = (
  { setting, model }: OllamaServer,
  modelContext: number,
  wanted: number | undefined,
): number => {
  if (wanted === undefined) return Math.min(modelContext, defaultContext);
  if (wanted <= modelContext) return wanted;
  throw new EngineFault(
    `${setting}.contextTokens: "${model}" takes ${modelContext} tokens and not ${wanted}; lower this, or take another model`,
  );
};

const templateCheck = (model: Json, { model: name }: OllamaServer): Check => {
  const template = textOf(memberOf(model, 'template')) ?? '';
  const renders =
    Boolean(textOf(memberOf(model, 'renderer'))) || /\.(?:Messages|System)\b/.test(template);
  return renders
    ? { name: 'template', state: 'ok', detail: 'present' }
    : {
        name: 'template',
        state: 'warn',
        detail: `"${name}" has no chat template: roles are lost`,
        fix: 'create it again with a TEMPLATE in its Modelfile, or take an instruct model',
      };
};

const load = async (server: OllamaServer, context: number): Promise<void> => {
  const { endpoint, setting, model } = server;
  const body = {
    ...wholePrompt(model),
    messages: [],
    stream: false,
    options: loadOptions(server, context),
  };
  const loaded = await askServer(endpoint, '/api/chat', { body, timeoutMs: loadTimeoutMs });
  if (loaded.status !== 200) throw ollamaRefusal(server, loaded);
  refuseRemote(endpoint.parse(loaded.body), server);
  const running = await askServer(endpoint, '/api/ps');
  const models =
    running.status === 200 ? itemsOf(memberOf(parseIfJson(running.body), 'models')) : [];
  const loadedContext = countOf(memberOf(entryOf(models, model), 'context_length'));
  if (loadedContext === undefined || loadedContext >= context) return;
  throw new EngineFault(
    `${setting}.contextTokens: the server gives "${model}" ${loadedContext} tokens and not ${context}; lower this`,
  );
};
