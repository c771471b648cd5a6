// SPDX-License-Identifier: GPL-3.0-only
import { configMistake } from '../../config/config-mistake.ts';
import type { Runtime } from '../../config/schema.ts';
import { memoiseByObject } from '../../data/memoise.ts';
import { defaultContext } from '../contract/default-context.ts';
import {
  type Completion,
  type CompletionRequest,
  type Engine,
  EngineFault,
  type Message,
} from '../contract/engine.ts';
import { refuseForeign } from '../contract/foreign-keys.ts';
import { compactGrammar } from '../grammar/compact-grammar.ts';
import { namedRules } from '../grammar/named-rules.ts';
import { printGrammar } from '../grammar/print-grammar.ts';
import { raceAbort } from '../local/waits.ts';
import { type ModelAsk, type ResolvedModel, resolveModel } from '../models/model-files.ts';
import { compactAbilities } from '../schema/abilities.ts';
import { lowerSchema } from '../schema/lower-schema.ts';
import { type ModelShape, readModelShape, WrongModel } from './model-shape.ts';
import { type PipelinePool, sharePipelinePool } from './pipeline-pool.ts';
import { probeOf } from './probe.ts';

/** A batch takes the time of its longest answer, and one this wide a few times that of one alone. */
const defaultSlots = 16;

/**
 * An engine over a model folder of OpenVINO's or a GGUF file, in processes of this machine. The model
 * is loaded on first use. `library` is imported in the place of the packages that OpenVINO comes in.
 * @throws UserError for settings that make no sense here and for a model that cannot be used.
 */
export const openOpenVinoEngine = async (
  runtime: Runtime,
  host: ModelAsk,
  library?: string,
): Promise<Engine> => {
  const { setting } = host;
  refuseForeign(runtime, setting);
  if (runtime.adapter !== undefined) throw configMistake(`${setting}.adapter: ${noAdapters}`);
  if (runtime.model === undefined) {
    throw configMistake(
      `${setting}.model: engine openvino needs a folder of OpenVINO or a GGUF file; set "model" to its name or path`,
    );
  }
  const model = await resolveModel(runtime.model, host);
  const shape = await readModelShape(model).catch((error: unknown) => {
    throw error instanceof WrongModel
      ? configMistake(`${setting}.model: ${error.message}`, error)
      : error;
  });
  return createEngine({ runtime, host, model, shape, library });
};

const noAdapters =
  'OpenVINO takes no LoRA adapters from here; merge it into its base with PEFT (merge_and_unload), export that (optimum-cli export openvino --model MERGED FOLDER) and name FOLDER as "model", or use engine llama or vllm';

type Opened = {
  readonly runtime: Runtime;
  readonly host: ModelAsk;
  readonly model: ResolvedModel;
  readonly shape: ModelShape;
  readonly library: string | undefined;
};

const createEngine = ({ runtime, host, model, shape, library }: Opened): Engine => {
  const { setting } = host;
  const contextTokens =
    runtime.contextTokens ?? Math.min(defaultContext, shape.trainedTokens ?? defaultContext);
  const device = runtime.device ?? 'CPU';
  const { processes = 1 } = runtime;
  // A model is compiled for one prompt at a time there.
  const slots = device.startsWith('NPU') ? processes : (runtime.slots ?? defaultSlots * processes);
  const share = sharePipelinePool({
    model: model.path,
    device,
    threads: runtime.threads,
    processes: Math.min(processes, slots),
    slots,
    template: runtime.template,
    library,
  });
  const pool = (): Promise<PipelinePool> => share.pool(setting, model.digest);

  const grammarOf = memoiseByObject((schema: CompletionRequest['schema']) => {
    const { schema: lowered, ...notes } = lowerSchema(schema, compactAbilities);
    return { grammar: printGrammar(namedRules(compactGrammar(lowered))), ...notes };
  });

  /** Tokens that are left for the answer. */
  const roomFor = async (
    opened: PipelinePool,
    messages: readonly Message[],
    prefill: string,
  ): Promise<number> => {
    const tokens = await opened.count({ messages, prefill });
    if (tokens < contextTokens) return contextTokens - tokens;
    throw new EngineFault(
      `${setting}: the prompt has ${tokens} tokens, and the context has ${contextTokens}; raise contextTokens where the model takes more`,
    );
  };

  const answer = async (request: CompletionRequest): Promise<Completion> => {
    request.signal.throwIfAborted();
    const start = performance.now();
    const { messages, signal, idleTimeoutMs, prefill = '' } = request;
    if (request.adapter !== undefined) {
      throw new EngineFault(`${setting}.adapter: ${noAdapters}`);
    }
    let queued = 0;
    const { grammar, ...notes } = grammarOf(request.schema);
    const opened = await raceAbort(pool(), signal);
    const reply = await opened.ask(
      {
        messages,
        prefill,
        idleTimeoutMs,
        style: async () => ({
          grammar,
          maxTokens: Math.min(request.maxTokens, await roomFor(opened, messages, prefill)),
          temperature: request.temperature ?? runtime.temperature ?? 0,
          seed: request.seed ?? runtime.seed,
        }),
        onStart: () => {
          queued = performance.now() - start;
          request.onProgress?.();
        },
        onProgress: () => request.onProgress?.(),
      },
      signal,
    );
    request.onProgress?.();
    return {
      text: `${prefill}${reply.text}`,
      // What the cache of prefixes gave is not told.
      usage: { prompt: reply.prompt, cached: 0, completion: reply.completion },
      finish: reply.finish,
      timing: {
        queued,
        firstToken: queued + reply.firstToken,
        total: performance.now() - start,
      },
      constraint: {
        kind: 'grammar',
        ...notes,
        ...(request.prefill !== undefined && { prefill: 'continued' }),
      },
    };
  };

  return {
    complete: answer,
    probe: async () =>
      probeOf({
        runtime,
        setting,
        model,
        shape,
        facts: (await pool()).facts,
        contextTokens,
        slots,
      }),
    countTokens: async (messages) => (await pool()).count({ messages, prefill: '' }),
    close: share.close,
  };
};
