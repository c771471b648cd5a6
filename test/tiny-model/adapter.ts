// SPDX-License-Identifier: GPL-3.0-only
import { pretty, storeSingle } from './base-model.ts';
import { encodeGguf } from './gguf.ts';
import { ggufName, isRotary, permuteRows } from './gguf-names.ts';
import { createNormal } from './random.ts';
import { encodeSafetensors } from './safetensors.ts';
import { type Matrix, random, shape } from './weights.ts';

const rank = 8;
const alpha = 16;

export type Adapter = {
  /** Width of the base it was made for. */
  readonly hidden: number;
  readonly layers: number;
  /** The two factors, by the name of the tensor they change. */
  readonly factors: ReadonlyMap<string, { readonly a: Matrix; readonly b: Matrix }>;
};

/**
 * A low-rank adapter strong enough to change answers. It leaves the first layer alone, which knows
 * when answers end. Another `hidden` than the model's makes one for another base.
 */
export const makeAdapter = (seed: number, hidden: number = shape.hidden): Adapter => {
  const normal = createNormal(seed);
  const factors = new Map<string, { readonly a: Matrix; readonly b: Matrix }>();
  for (let layer = 1; layer < shape.layers; layer += 1) {
    for (const part of ['q_proj', 'v_proj']) {
      factors.set(`model.layers.${layer}.self_attn.${part}.weight`, {
        a: random(rank, hidden, 1 / Math.sqrt(hidden), normal),
        b: random(hidden, rank, 0.8 / Math.sqrt(rank), normal),
      });
    }
  }
  return { hidden, layers: shape.layers, factors };
};

/** A GGUF that llama.cpp takes as a LoRA adapter. */
export const adapterGguf = ({ factors }: Adapter): Buffer =>
  encodeGguf(
    {
      'general.architecture': 'llama',
      'general.type': 'adapter',
      'general.name': 'tiny adapter',
      'general.file_type': 0,
      'adapter.type': 'lora',
      'adapter.lora.alpha': { float: alpha },
    },
    [...factors].flatMap(([name, { a, b }]) => [
      storeSingle(`${ggufName(name)}.lora_a`, a),
      storeSingle(`${ggufName(name)}.lora_b`, isRotary(name) ? permuteRows(b, shape.headSize) : b),
    ]),
  );

/** The files of a PEFT adapter folder, by name; `base` is the folder or name of its model. */
export const adapterFiles = (
  { factors }: Adapter,
  base: string,
): Readonly<Record<string, string | Buffer>> => ({
  'adapter_config.json': pretty({
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: base,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: null,
    modules_to_save: null,
    target_modules: ['q_proj', 'v_proj'],
    use_rslora: false,
    use_dora: false,
  }),
  'adapter_model.safetensors': encodeSafetensors(
    [...factors].flatMap(([name, { a, b }]) => {
      const at = `base_model.model.${name.slice(0, -'.weight'.length)}`;
      return [storeSingle(`${at}.lora_A.weight`, a), storeSingle(`${at}.lora_B.weight`, b)];
    }),
  ),
});
