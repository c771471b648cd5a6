// SPDX-License-Identifier: GPL-3.0-only
import type { Matrix } from './weights.ts';

const parts: Readonly<Record<string, string>> = {
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
  input_layernorm: 'attn_norm',
  post_attention_layernorm: 'ffn_norm',
};

/** llama.cpp's name of a tensor, from its Hugging Face one (`model.layers.0.mlp.up_proj.weight`). */
export const ggufName = (name: string): string => {
  const layer = /^model\.layers\.(\d+)\.(.+)\.weight$/.exec(name);
  if (layer) return `blk.${layer[1]}.${parts[layer[2] ?? '']}.weight`;
  if (name === 'model.embed_tokens.weight') return 'token_embd.weight';
  return name === 'model.norm.weight' ? 'output_norm.weight' : 'output.weight';
};

/**
 * Rows of a query or key as llama.cpp wants them: its rotary positions turn neighbours, those of
 * Hugging Face turn the two halves of a head.
 */
export const permuteRows = ({ rows, columns, values }: Matrix, headSize: number): Matrix => {
  const permuted = new Float32Array(values.length);
  const half = headSize / 2;
  for (let row = 0; row < rows; row += 1) {
    const within = row % headSize;
    const target = row - within + (within % half) * 2 + Math.floor(within / half);
    permuted.set(values.subarray(row * columns, (row + 1) * columns), target * columns);
  }
  return { rows, columns, values: permuted };
};

/** Whether a tensor's rows are turned by rotary positions. */
export const isRotary = (name: string): boolean => /\.(q|k)_proj\b/.test(name);
