// SPDX-License-Identifier: GPL-3.0-only
import { types } from 'node:util';
import { createContext, Script } from 'node:vm';
import { Template } from '@huggingface/jinja';
import type { Llama, LlamaModel } from 'node-llama-cpp';
import { defaultContext } from '../../contract/default-context.ts';
import { Refusal } from '../../local/calls.ts';
import { chatTemplates, type Render, type TemplateName } from '../../local/chat-templates.ts';
import { type Codec, createCodec } from '../constrain/codec.ts';
import { readVocabulary } from '../constrain/vocabulary.ts';
import { weightBytes, weightsShortage } from '../pool/memory.ts';
import type { ModelFacts, ModelRefusal } from '../pool/model-calls.ts';
import { plainTokens, reservedTokens } from './plain-text.ts';
import { createPromptReader, type PromptReader } from './prompt-tokens.ts';

type Library = typeof import('node-llama-cpp');

export type LoadedModel = {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly codec: Codec;
  readonly prompts: PromptReader;
  readonly facts: Omit<ModelFacts, 'rates'>;
};

/** What llama.cpp said last, for messages: the cause of a failure is there and nowhere else. */
export type NativeLog = { readonly lines: string[] };

/** Loads a GGUF. @throws Refusal, or whatever node-llama-cpp throws for a file that it cannot read. */
export const loadModel = async (
  library: Library,
  options: {
    /** Path of the GGUF. */
    readonly model: string;
    readonly contextTokens: number | undefined;
    readonly gpu: boolean;
    readonly template: TemplateName | undefined;
    readonly log: NativeLog;
    /** Memory that is free [bytes]; default: as this machine tells. */
    readonly available?: number;
  },
): Promise<LoadedModel> => {
  const llama = await library.getLlama({
    gpu: options.gpu ? 'auto' : false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: library.LlamaLogLevel.warn,
    logger: (_, message) => {
      options.log.lines.push(...message.split('\n').filter((line) => line.trim() !== ''));
      options.log.lines.splice(0, options.log.lines.length - 20);
    },
  });
  if (llama.gpu === false) {
    const available = options.available ?? process.availableMemory();
    const shortage = weightsShortage(await weightBytes(options.model), available);
    if (shortage !== undefined) throw new Refusal<ModelRefusal>('weights', shortage);
  }
  const model = await llama.loadModel({ modelPath: options.model }).catch(async (error) => {
    if (await isAdapter(library, options.model)) {
      throw new Refusal<ModelRefusal>(
        'model',
        'it is an adapter: name it as "adapter", and its model here',
      );
    }
    throw error;
  });
  const { ggml, chat_template: modelTemplate } = model.fileInfo.metadata.tokenizer ?? {};
  if (!ggml) throw new Refusal<ModelRefusal>('model', 'it has no tokenizer');
  const template = modelTemplate ?? (options.template && chatTemplates[options.template]);
  if (template === undefined)
    throw new Refusal<ModelRefusal>('template', 'it has no chat template');
  const table = { model: ggml.model, tokens: ggml.tokens, kinds: ggml.token_type };
  const vocabulary = readVocabulary(table);
  if (!vocabulary) {
    throw new Refusal<ModelRefusal>(
      'model',
      `its vocabulary is of the kind "${ggml.model}", which is not supported`,
    );
  }
  const codec = createCodec({
    model,
    vocabulary,
    createBias: () => library.TokenBias.for(model),
  });
  const { tokens } = model;
  const turns = {
    render: compileTemplate(template),
    chat: { bos: tokens.bosString ?? '', eos: tokens.eosString ?? '' },
    written: (text: string) => model.tokenize(text, true, 'trimLeadingSpace'),
  };
  const reserved = reservedTokens({ ...turns, table });
  const tokenize = (text: string) => model.tokenize(text, false, 'trimLeadingSpace');
  return {
    llama,
    model,
    codec,
    prompts: createPromptReader({
      ...turns,
      content: (text) => plainTokens(text, reserved, tokenize),
      bos: tokens.shouldPrependBosToken ? (tokens.bos ?? undefined) : undefined,
    }),
    facts: {
      version: await library.getModuleVersion(),
      contextTokens: options.contextTokens ?? Math.min(defaultContext, model.trainContextSize),
      trainedTokens: model.trainContextSize,
      modelBytes: model.size,
      bytesPerToken: await bytesPerToken(model),
      template: modelTemplate === undefined && options.template ? options.template : 'model',
      gpu: llama.gpu === false ? undefined : llama.gpu,
    },
  };
};

const isAdapter = async ({ readGgufFileInfo }: Library, path: string): Promise<boolean> => {
  const info = await readGgufFileInfo(path, { logWarnings: false }).catch(() => undefined);
  const general: object = info?.metadata.general ?? {};
  return 'type' in general && general.type === 'adapter';
};

/** From what two contexts of different sizes would take. */
const bytesPerToken = async (model: LlamaModel): Promise<number> => {
  const need = async (contextSize: number): Promise<number> => {
    const { cpuRam, gpuVram } = await model.fileInsights.estimateContextResourceRequirementsV2({
      contextSize,
      sequences: 1,
      modelGpuLayers: model.gpuLayers,
      batchSize: 512,
      swaFullCache: true,
    });
    return cpuRam + gpuVram;
  };
  return Math.max(0, ((await need(4096)) - (await need(2048))) / 2048);
};

/** A template comes with a model, and may go round in circles [ms]. */
const renderLimit = 5_000;

/**
 * Renders a Jinja template. Its work, and that of what is returned, throws an Error when it does not
 * come to an end in time.
 */
export const compileTemplate = (template: string, limitMs = renderLimit): Render => {
  const parsed = withinTime(() => new Template(template), limitMs);
  return (variables) => withinTime(() => parsed.render(variables), limitMs);
};

/** One for all: making it takes longer than a prompt does. */
const realm = createContext();
const call = new Script('work()');

/** What runs in here is stopped from outside, whatever loop it is in. */
const withinTime = <T>(work: () => T, limitMs: number): T => {
  try {
    realm.work = work;
    return call.runInContext(realm, { timeout: limitMs });
  } catch (error) {
    // The error comes from another realm, whose Error is not ours.
    const isLate = types.isNativeError(error) && 'code' in error && error.code === timedOut;
    if (!isLate) throw error;
    throw new Error(`its chat template did not come to an end within ${limitMs / 1000} s`);
  }
};

const timedOut = 'ERR_SCRIPT_EXECUTION_TIMEOUT';
