// SPDX-License-Identifier: GPL-3.0-only
import { toFloat16 } from './float16.ts';
import { encodeGguf } from './gguf.ts';
import { ggufName, isRotary, permuteRows } from './gguf-names.ts';
import { encodeSafetensors, type Stored } from './safetensors.ts';
import { chatTemplate, tokenizerConfig, tokenizerJson } from './tokenizer-files.ts';
import type { Vocabulary } from './vocabulary.ts';
import { type Matrix, normNames, shape, type Weights } from './weights.ts';

/** A matrix as it is stored, at half precision. */
export const storeHalf = (name: string, { rows, columns, values }: Matrix): Stored => ({
  name,
  type: 'F16',
  shape: [rows, columns],
  bytes: new Uint8Array(toFloat16(values).buffer),
});

/** A matrix as it is stored, at single precision. */
export const storeSingle = (name: string, { rows, columns, values }: Matrix): Stored => ({
  name,
  type: 'F32',
  shape: [rows, columns],
  bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
});

const ones = new Float32Array(shape.hidden).fill(1);

/** The files of a Hugging Face folder, by name. */
export const hfFiles = (
  vocabulary: Vocabulary,
  weights: Weights,
): Readonly<Record<string, string | Buffer>> => {
  const ends = {
    bos_token_id: vocabulary.endOfText,
    eos_token_id: vocabulary.turnEnd,
    pad_token_id: vocabulary.endOfText,
  };
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    hidden_size: shape.hidden,
    intermediate_size: shape.inner,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.heads,
    head_dim: shape.headSize,
    hidden_act: 'silu',
    max_position_embeddings: shape.context,
    rms_norm_eps: shape.epsilon,
    rope_theta: shape.ropeBase,
    rope_scaling: null,
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: false,
    vocab_size: vocabulary.tokens.length,
    torch_dtype: 'float16',
    use_cache: true,
    ...ends,
  };
  const norm = { rows: 1, columns: shape.hidden, values: ones };
  const tensors = [
    ...[...weights].map(([name, matrix]) => storeHalf(name, matrix)),
    ...normNames.map((name) => ({ ...storeHalf(name, norm), shape: [shape.hidden] })),
  ];
  return {
    'config.json': pretty(config),
    'generation_config.json': pretty({ _from_model_config: true, ...ends }),
    'tokenizer.json': pretty(tokenizerJson(vocabulary)),
    'tokenizer_config.json': pretty(tokenizerConfig(vocabulary, shape.context)),
    'special_tokens_map.json': pretty({
      eos_token: vocabulary.tokens[vocabulary.turnEnd],
      pad_token: vocabulary.tokens[vocabulary.endOfText],
    }),
    'model.safetensors': encodeSafetensors(tensors),
  };
};

export const pretty = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** The same model as one GGUF file; without `template` it has none. */
export const ggufFile = (
  vocabulary: Vocabulary,
  weights: Weights,
  { template = true }: { readonly template?: boolean } = {},
): Buffer => {
  const norm = { rows: 1, columns: shape.hidden, values: ones };
  const matrices = [...weights].map(([name, matrix]) =>
    storeHalf(ggufName(name), isRotary(name) ? permuteRows(matrix, shape.headSize) : matrix),
  );
  const norms = normNames.map((name) => ({
    ...storeSingle(ggufName(name), norm),
    shape: [shape.hidden],
  }));
  return encodeGguf(
    {
      'general.architecture': 'llama',
      'general.name': 'tiny',
      'general.file_type': 1,
      'general.quantization_version': 2,
      'llama.vocab_size': vocabulary.tokens.length,
      'llama.context_length': shape.context,
      'llama.embedding_length': shape.hidden,
      'llama.block_count': shape.layers,
      'llama.feed_forward_length': shape.inner,
      'llama.rope.dimension_count': shape.headSize,
      'llama.rope.freq_base': { float: shape.ropeBase },
      'llama.attention.head_count': shape.heads,
      'llama.attention.head_count_kv': shape.heads,
      'llama.attention.key_length': shape.headSize,
      'llama.attention.value_length': shape.headSize,
      'llama.attention.layer_norm_rms_epsilon': { float: shape.epsilon },
      ...tokenizerMetadata(vocabulary),
      ...(template && { 'tokenizer.chat_template': chatTemplate }),
    },
    [...matrices, ...norms],
  );
};

/** Kinds of tokens as GGUF numbers them: 1 a word, 3 one of the chat's own. */
const tokenizerMetadata = (vocabulary: Vocabulary) => ({
  'tokenizer.ggml.model': 'gpt2',
  'tokenizer.ggml.pre': 'gpt-2',
  'tokenizer.ggml.tokens': { strings: vocabulary.tokens },
  'tokenizer.ggml.token_type': {
    integers: vocabulary.tokens.map((_, token) => (token < vocabulary.endOfText ? 1 : 3)),
  },
  'tokenizer.ggml.merges': { strings: vocabulary.merges },
  'tokenizer.ggml.bos_token_id': vocabulary.endOfText,
  'tokenizer.ggml.eos_token_id': vocabulary.turnEnd,
  'tokenizer.ggml.padding_token_id': vocabulary.endOfText,
  'tokenizer.ggml.add_bos_token': false,
  'tokenizer.ggml.add_eos_token': false,
});
