// SPDX-License-Identifier: GPL-3.0-only
import { configMistake } from '../../config/config-mistake.ts';
import type { Runtime } from '../../config/schema.ts';
import {
  type Check,
  type Completion,
  type CompletionRequest,
  type Engine,
  EngineFault,
  type Probe,
} from '../contract/engine.ts';
import { refuseForeign } from '../contract/foreign-keys.ts';
import { raceAbort } from '../local/waits.ts';
import {
  ggufAdapter,
  type ModelAsk,
  modelCheck,
  type ResolvedModel,
  resolveModel,
} from '../models/model-files.ts';
import { type ModelPool, shareModelPool } from './pool/model-pool.ts';
import { poolChecks } from './pool/pool-checks.ts';

/**
 * An engine over a GGUF file, through llama.cpp in processes of this machine. The model is loaded on
 * first use. @throws UserError for settings that make no sense here and for a model that is missing.
 */
export const openLlamaEngine = async (runtime: Runtime, host: ModelAsk): Promise<Engine> => {
  const { setting } = host;
  refuseForeign(runtime, setting);
  const { device } = runtime;
  if (device !== undefined && !isDevice(device, 'CPU') && !isDevice(device, 'GPU')) {
    throw configMistake(
      `${setting}.device: engine llama knows CPU and GPU, and no "${device}"; name one of them`,
    );
  }
  if (runtime.model === undefined) {
    throw configMistake(
      `${setting}.model: engine llama needs a GGUF file; set "model" to its name or path`,
    );
  }
  const model = await resolveModel(runtime.model, host);
  if (model.form !== 'gguf')
    throw configMistake(`${setting}.model: ${model.path} is not a GGUF file; give one`);
  const adapter =
    runtime.adapter === undefined ? undefined : await resolveAdapter(runtime.adapter, host);
  return createLlamaEngine({ runtime, host, model, adapter });
};

const isDevice = (device: string | undefined, name: 'CPU' | 'GPU'): boolean =>
  device?.toUpperCase() === name;

const resolveAdapter = async (name: string, host: ModelAsk): Promise<ResolvedModel> =>
  ggufAdapter(await resolveModel(name, host, 'adapter'), host);

type Resolved = {
  readonly runtime: Runtime;
  readonly host: ModelAsk;
  readonly model: ResolvedModel;
  readonly adapter: ResolvedModel | undefined;
};

const createLlamaEngine = ({ runtime, host, model, adapter }: Resolved): Engine => {
  const { setting } = host;
  const adapters = new Map<string, string>();
  if (adapter) adapters.set(runtime.adapter ?? adapter.name, adapter.path);
  const share = shareModelPool({
    model: model.path,
    threads: runtime.threads,
    processes: runtime.processes,
    slots: runtime.slots,
    contextTokens: runtime.contextTokens,
    gpu: !isDevice(runtime.device, 'CPU'),
    template: runtime.template,
  });
  const pool = (): Promise<ModelPool> => share.pool(setting, model.digest);

  const loadAdapter = async (path: string): Promise<void> => (await pool()).loadAdapter(path);
  const adapterOf = async (name: string | undefined): Promise<string | undefined> => {
    if (name === undefined) return undefined;
    const path = adapters.get(name);
    if (path === undefined) {
      throw new EngineFault(`${setting}.adapter: there is no adapter "${name}"; load it first`);
    }
    await loadAdapter(path);
    return path;
  };

  const answer = async (request: CompletionRequest): Promise<Completion> => {
    request.signal.throwIfAborted();
    const start = performance.now();
    let queued = 0;
    const opened = await raceAbort(pool(), request.signal);
    const path = await adapterOf(request.adapter);
    const seed = request.seed ?? runtime.seed;
    const reply = await opened.ask(
      {
        messages: request.messages,
        schema: request.schema,
        maxTokens: request.maxTokens,
        temperature: request.temperature ?? runtime.temperature ?? 0,
        idleTimeoutMs: request.idleTimeoutMs,
        ...(seed !== undefined && { seed }),
        ...(path !== undefined && { adapter: path }),
        ...(request.prefill !== undefined && { prefill: request.prefill }),
        ...(request.confidence && { confidence: true }),
        onStart: () => {
          queued = performance.now() - start;
          request.onProgress?.();
        },
        onProgress: (written) => request.onProgress?.(written),
      },
      request.signal,
    );
    request.onProgress?.();
    return {
      text: reply.text,
      usage: reply.usage,
      finish: reply.finish,
      timing: {
        queued,
        firstToken: queued + reply.firstToken,
        total: performance.now() - start,
      },
      constraint: { kind: 'grammar', ...reply.constraint },
      ...(reply.confidence !== undefined && { confidence: reply.confidence }),
    };
  };

  const probe = async (): Promise<Probe> => {
    const opened = await pool();
    if (isDevice(runtime.device, 'GPU') && opened.facts.gpu === undefined) {
      throw new EngineFault(
        `${setting}.device: llama.cpp finds no GPU here; add its part with bin/add-gpu-parts (docs/models.md), or take "device" out`,
      );
    }
    if (adapter) await loadAdapter(adapter.path);
    const checks: readonly Check[] = [
      ...poolChecks(opened, setting, runtime.template),
      modelCheck(model),
      ...(adapter ? [{ ...modelCheck(adapter), name: 'adapter' as const }] : []),
    ];
    return {
      identity: {
        engine: 'llama',
        origin: 'in-process',
        version: `node-llama-cpp ${opened.facts.version}`,
        model: model.name,
        modelDigest: model.digest,
        ...(adapter && { adapter: adapter.name, adapterDigest: adapter.digest }),
        ...(opened.facts.template !== 'model' && { template: opened.facts.template }),
        ...(runtime.seed !== undefined && { seed: runtime.seed }),
        temperature: runtime.temperature ?? 0,
      },
      contextTokens: opened.facts.contextTokens,
      mostContextTokens: opened.facts.trainedTokens,
      slots: opened.layout.slots,
      checks,
    };
  };

  return {
    complete: answer,
    probe,
    countTokens: async (messages) => (await pool()).count(messages),
    close: share.close,
    loadAdapter: async (name, path) => {
      const resolved = await resolveAdapter(path, host);
      await loadAdapter(resolved.path);
      adapters.set(name, resolved.path);
    },
    unloadAdapter: async (name) => {
      const path = adapters.get(name);
      adapters.delete(name);
      if (path !== undefined) (await pool()).unloadAdapter(path);
    },
  };
};
