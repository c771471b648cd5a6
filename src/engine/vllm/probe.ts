// SPDX-License-Identifier: GPL-3.0-only
import type { Runtime } from '../../config/schema.ts';
import { digestOf } from '../../data/digest.ts';
import { printable } from '../../data/printable.ts';
import { type Check, EngineFault, type Probe } from '../contract/engine.ts';
import { lookForModel } from '../models/find-model.ts';
import { checkServedModel, resolveModel, storeOf } from '../models/model-files.ts';
import { namesForMessage } from '../served/read-json.ts';
import { digestAt, weightsCheck } from '../served/weights-at.ts';
import { loadAdapter } from './adapters.ts';
import { listServedModels, type ServedModel, versionOf } from './models.ts';
import type { VllmServer } from './server.ts';
import { countByServer } from './tokens.ts';

/** vLLM tells not how many sequences it takes (`--max-num-seqs`); what is too much waits there. */
export const defaultSlots = 64;

/**
 * Looks at a vLLM server: kind, model, context, template, adapter.
 * @throws EngineFault naming setting and fix; UserError where models.lock pins other weights.
 */
export const probeVllm = async (server: VllmServer, runtime: Runtime): Promise<Probe> => {
  const { endpoint, setting, model } = server;
  const version = await versionOf(server);
  const served = await listServedModels(server);
  const base = baseOf(server, served);
  const context = contextOf(server, base, runtime.contextTokens);
  const template = await templateCheck(server);
  const weights = await digestAt(base.root, setting);
  const pinned = checkServedModel(model, weights, server);
  const wanted = runtime.adapter;
  const isLoaded = wanted !== undefined && (await loadFromFolder(server, served, wanted));
  const listed = isLoaded ? await listServedModels(server) : served;
  const adapter = wanted && (await adapterOf(server, listed, wanted));
  const slots = runtime.slots ?? defaultSlots;
  const checks: readonly (Check | undefined)[] = [
    ok('reachable', `${endpoint.address}: vLLM ${version}`),
    ok('local', endpoint.origin === 'loopback' ? 'loopback only' : 'Unix socket'),
    pinned,
    weightsCheck(model, weights, base.root),
    ok('context', `${context} tokens`),
    template,
    ok('slots', `${slots}; the server does not tell its own limit (--max-num-seqs)`),
    adapter
      ? ok('adapter', `"${adapter.name}" from ${printable(adapter.root ?? 'no path told')}`)
      : undefined,
  ];
  const { seed, temperature = 0 } = runtime;
  return {
    identity: {
      engine: 'vllm',
      origin: endpoint.origin,
      version,
      model,
      modelDigest: weights ?? digestOf({ served: base.root ?? model }),
      ...(adapter && { adapter: adapter.name, adapterDigest: adapter.digest }),
      ...(seed !== undefined && { seed }),
      temperature,
    },
    contextTokens: context,
    mostContextTokens: base.contextTokens,
    slots,
    checks: checks.filter((check) => check !== undefined),
  };
};

const ok = (name: Check['name'], detail: string): Check => ({ name, state: 'ok', detail });

const baseOf = ({ setting, model }: VllmServer, served: readonly ServedModel[]): ServedModel => {
  const bases = served.filter(({ parent }) => parent === undefined);
  const base = bases.find(({ id }) => id === model);
  if (base) return base;
  const there = namesForMessage(bases.map(({ id }) => id));
  throw new EngineFault(
    `${setting}.model: the server does not serve "${model}"; it serves: ${there}; correct the name, or start it with --served-model-name ${model}`,
  );
};

const contextOf = (
  { setting, endpoint }: VllmServer,
  { contextTokens: servedContext }: ServedModel,
  wanted: number | undefined,
): number => {
  if (servedContext === undefined || servedContext < 1) {
    throw new EngineFault(
      `${endpoint.address} does not tell its context length; update the server`,
    );
  }
  if (wanted !== undefined && wanted > servedContext) {
    throw new EngineFault(
      `${setting}.contextTokens: the server takes ${servedContext} tokens and not ${wanted}; start it with --max-model-len ${wanted}, or lower this`,
    );
  }
  return wanted ?? servedContext;
};

const templateCheck = async (server: VllmServer): Promise<Check> => {
  const tokens = await countByServer(server, [
    { role: 'system', content: 's' },
    { role: 'user', content: 'u' },
  ]);
  return ok('template', `present; the shortest conversation takes ${tokens} tokens`);
};

type Adapter = {
  readonly name: string;
  readonly root: string | undefined;
  readonly digest: string;
};

/**
 * Has the server load an adapter that it does not list, where the models folder has one of that name: `agent@1` stays
 * what it is. Whether there was one. @throws UserError where it is not what models.lock pins, EngineFault where it is not loaded.
 */
const loadFromFolder = async (
  server: VllmServer,
  served: readonly ServedModel[],
  wanted: string,
): Promise<boolean> => {
  if (served.some(({ id }) => id === wanted)) return false;
  const { folders } = storeOf(server);
  const there = await lookForModel(wanted, folders, `${server.setting}.adapter`);
  if (there === undefined) return false;
  const { form, path } = await resolveModel(wanted, server, 'adapter');
  if (form !== 'peft-adapter') {
    throw new EngineFault(
      `${server.setting}.adapter: ${path} is not the folder of a PEFT adapter, and vLLM loads no other; name the folder that "pantheon train" made`,
    );
  }
  await loadAdapter(server, wanted, path);
  return true;
};

/** An adapter by its name at the server. */
const adapterOf = async (
  server: VllmServer,
  served: readonly ServedModel[],
  wanted: string,
): Promise<Adapter> => {
  const adapter = served.find(({ id, parent }) => id === wanted && parent !== undefined);
  if (!adapter) {
    const there = namesForMessage(
      served.filter(({ parent }) => parent !== undefined).map(({ id }) => id),
    );
    throw new EngineFault(
      `${server.setting}.adapter: the server has no adapter "${wanted}"; it has: ${there}, and the models folder has none of that name; put it there, or start the server with --enable-lora --lora-modules ${wanted}=PATH`,
    );
  }
  if (adapter.parent !== server.model) {
    throw new EngineFault(
      `${server.setting}.adapter: "${wanted}" is an adapter of "${adapter.parent}" and not of "${server.model}"; correct one of the two`,
    );
  }
  const digest = await digestAt(adapter.root, server.setting);
  return {
    name: wanted,
    root: adapter.root,
    digest: digest ?? digestOf({ served: adapter.root ?? wanted }),
  };
};
