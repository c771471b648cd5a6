// SPDX-License-Identifier: GPL-3.0-only
import type { Runtime } from '../../config/schema.ts';
import type { Check, Probe } from '../contract/engine.ts';
import { trainedContextCheck, usedTemplateCheck } from '../local/model-checks.ts';
import { modelCheck, type ResolvedModel } from '../models/model-files.ts';
import type { ModelShape } from './model-shape.ts';
import type { PipelineFacts } from './pipeline-calls.ts';

export type OpenedPipeline = {
  readonly runtime: Runtime;
  readonly setting: string;
  readonly model: ResolvedModel;
  readonly shape: ModelShape;
  readonly facts: PipelineFacts;
  readonly contextTokens: number;
  readonly slots: number;
};

/** What a loaded model is, with what a person should know of it. */
export const probeOf = (opened: OpenedPipeline): Probe => {
  const { runtime, setting, model, shape, facts, contextTokens, slots } = opened;
  const { seed, temperature = 0, device = 'CPU' } = runtime;
  return {
    identity: {
      engine: 'openvino',
      origin: 'in-process',
      version: `openvino-genai-node ${facts.version} on ${device}`,
      model: model.name,
      modelDigest: model.digest,
      ...(facts.template !== 'model' && { template: facts.template }),
      ...(seed !== undefined && { seed }),
      temperature,
    },
    contextTokens,
    mostContextTokens: shape.trainedTokens,
    slots,
    checks: [
      {
        name: 'installed',
        state: 'ok',
        detail: `openvino-genai-node ${facts.version} on ${device}; it sees ${facts.devices.join(', ')}`,
      },
      { name: 'local', state: 'ok', detail: 'in processes of this machine, without a network' },
      trainedContextCheck(contextTokens, shape.trainedTokens, setting),
      usedTemplateCheck(facts.template, runtime.template, setting),
      slotsCheck(opened),
      modelCheck(model),
    ],
  };
};

const slotsCheck = ({ slots, runtime, setting }: OpenedPipeline): Check => {
  const { processes = 1, device = 'CPU' } = runtime;
  const name = 'slots';
  if (runtime.slots !== undefined && runtime.slots > slots) {
    const detail = `${device} takes one prompt at a time`;
    return { name, state: 'warn', detail, fix: `lower ${setting}.slots to ${slots}` };
  }
  const batches = `batches of up to ${Math.ceil(slots / processes)}`;
  const detail = processes > 1 ? `${batches} in each of ${processes} processes` : batches;
  return { name, state: 'ok', detail };
};
