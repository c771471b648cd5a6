// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Refusal } from '../local/calls.ts';
import { chatTemplates } from '../local/chat-templates.ts';
import type { Library, Pipeline, Tokenizer } from './library.ts';
import type { PipelineFacts, PipelineOpening, PipelineRefusal } from './pipeline-calls.ts';
import { type CountTokens, createCounter } from './tokens.ts';

export type OpenPipeline = {
  readonly pipeline: Pipeline;
  readonly tokenizer: Tokenizer;
  readonly count: CountTokens;
  /** Jinja of a conversation. */
  readonly template: string;
  readonly facts: PipelineFacts;
};

/** Devices that are made of others. */
const composed = new Set(['AUTO', 'HETERO', 'MULTI', 'BATCH']);

/**
 * What a prompt is rendered with as it is generated from: it was rendered before. Without any
 * template OpenVINO would add tokens of its own, and the model's template would write it twice.
 */
const asItIs = "{{ messages[0]['content'] }}";

/** Loads a model on its device. @throws Refusal, or what OpenVINO throws for a model it cannot read. */
export const openPipeline = async (
  library: Library,
  asked: PipelineOpening,
): Promise<OpenPipeline> => {
  const core = new library.addon.Core();
  const devices = core.getAvailableDevices();
  refuseDevice(asked.device, devices);
  const pipeline = await library.LLMPipeline(asked.model, asked.device, {
    ...(asked.threads !== undefined && { INFERENCE_NUM_THREADS: asked.threads }),
  });
  const tokenizer = pipeline.getTokenizer();
  const modelTemplate = tokenizer.getChatTemplate();
  const template =
    modelTemplate === '' ? asked.template && chatTemplates[asked.template] : modelTemplate;
  if (template === undefined) {
    throw new Refusal<PipelineRefusal>('template', 'it has no chat template');
  }
  tokenizer.setChatTemplate(asItIs);
  const build = buildOf(core, plainName(asked.device));
  const version = [packageVersion(), build && `OpenVINO ${build}`];
  return {
    pipeline,
    tokenizer,
    template,
    count: createCounter(library, tokenizer),
    facts: {
      version: version.filter(Boolean).join(', '),
      devices,
      template: modelTemplate === '' && asked.template ? asked.template : 'model',
    },
  };
};

/** Nothing for a device that is made of others and has no version of its own. */
const buildOf = (
  core: InstanceType<Library['addon']['Core']>,
  device: string,
): string | undefined => {
  try {
    return Object.values(core.getVersions(device))[0]?.buildNumber;
  } catch {
    return undefined;
  }
};

const plainName = (device: string): string => device.split(/[:.]/)[0] ?? device;

const refuseDevice = (device: string, devices: readonly string[]): void => {
  const name = plainName(device);
  if (composed.has(name)) return;
  if (devices.some((seen) => seen === device || plainName(seen) === name)) return;
  throw new Refusal<PipelineRefusal>('device', devices.join(', ') || 'nothing');
};

const packageVersion = (): string => {
  try {
    const { resolve } = createRequire(import.meta.url);
    const manifest = readFileSync(resolve('openvino-genai-node/package.json'), 'utf8');
    return String(JSON.parse(manifest).version);
  } catch {
    return 'of an unknown version';
  }
};
