// SPDX-License-Identifier: GPL-3.0-only
import type { Runtime } from '../../config/schema.ts';
import type { Check, Probe } from '../contract/engine.ts';
import { modelCheck, type ResolvedModel } from '../models/model-files.ts';
import type { Facts } from './messages.ts';
import type { ModelShape } from './model-shape.ts';

export type Looked = {
  readonly runtime: Runtime;
  readonly setting: string;
  readonly model: ResolvedModel;
  readonly shape: ModelShape;
  readonly facts: Facts;
  readonly contextTokens: number;
  readonly slots: number;
};

/** What a loaded model is, with what a person should know of it. */
export const probeOf = (looked: Looked): Probe => {
  const { runtime, model, facts, contextTokens, slots } = looked;
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
    slots,
    checks: [
      {
        name: 'installed',
        state: 'ok',
        detail: `openvino-genai-node ${facts.version} on ${device}; it sees ${facts.devices.join(', ')}`,
      },
      { name: 'local', state: 'ok', detail: 'in processes of this machine, without a network' },
      contextCheck(looked),
      templateCheck(looked),
      slotsCheck(looked),
      modelCheck(model),
    ],
  };
};

const contextCheck = ({ contextTokens, shape, setting }: Looked): Check => {
  const { trainedTokens } = shape;
  const name = 'context';
  if (trainedTokens === undefined) {
    const detail = `${contextTokens} tokens; the model's files do not say what it was trained on`;
    return { name, state: 'ok', detail };
  }
  if (contextTokens <= trainedTokens) {
    const detail = `${contextTokens} tokens of the ${trainedTokens} that the model was trained on`;
    return { name, state: 'ok', detail };
  }
  return {
    name,
    state: 'warn',
    detail: `${contextTokens} tokens; the model was trained on ${trainedTokens}`,
    fix: `lower ${setting}.contextTokens to ${trainedTokens}`,
  };
};

const templateCheck = ({ facts, setting, runtime }: Looked): Check => {
  const name = 'template';
  if (facts.template !== 'model') {
    const detail = `the model brings none; prompts are written as ${setting}.template says: ${facts.template}`;
    return { name, state: 'warn', detail, fix: 'take a model that was trained to chat' };
  }
  if (runtime.template === undefined) return { name, state: 'ok', detail: "the model's own" };
  const detail = `the model's own; ${setting}.template is for models that bring none`;
  return { name, state: 'warn', detail, fix: 'take it out' };
};

const slotsCheck = ({ slots, runtime, setting }: Looked): Check => {
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
