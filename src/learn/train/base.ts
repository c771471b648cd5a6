// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';

const size = z.int().positive();

/** What `config.json` of a model in Hugging Face's layout says of its shape. */
const configSchema = z
  .looseObject({
    hidden_size: size,
    intermediate_size: size,
    num_hidden_layers: size,
    num_attention_heads: size,
    num_key_value_heads: size.optional(),
    head_dim: size.nullish(),
    vocab_size: size,
    max_position_embeddings: size,
    tie_word_embeddings: z.boolean().default(false),
  })
  // Experts are not counted here: a guess of their memory would be worse than none.
  .refine((config) => !('num_experts' in config) && !('num_local_experts' in config));

/** A dense decoder; sizes in numbers, `context` in tokens. */
export type BaseShape = Readonly<z.output<typeof configSchema>>;

/** `undefined` for what is not a dense decoder. */
export const parseBaseShape = (config: unknown): BaseShape | undefined =>
  configSchema.safeParse(config).data;

/** Inputs and outputs of the linear layers of one block: those that `all-linear` stands for. */
const linearLayers = (
  shape: BaseShape,
): readonly (readonly [inputs: number, outputs: number])[] => {
  const { hidden_size: hidden, intermediate_size: inner, num_attention_heads: heads } = shape;
  const width = shape.head_dim ?? hidden / heads;
  const [queries, keys] = [heads * width, (shape.num_key_value_heads ?? heads) * width];
  return [
    [hidden, queries],
    [hidden, keys],
    [hidden, keys],
    [queries, hidden],
    [hidden, inner],
    [hidden, inner],
    [inner, hidden],
  ];
};

/** Parameters of all blocks, and of embeddings and head; norms are left out. */
export const parametersOf = (
  shape: BaseShape,
): { readonly blocks: number; readonly embeddings: number } => ({
  blocks:
    shape.num_hidden_layers *
    linearLayers(shape).reduce((sum, [inputs, outputs]) => sum + inputs * outputs, 0),
  embeddings: shape.vocab_size * shape.hidden_size * (shape.tie_word_embeddings ? 1 : 2),
});

/** Parameters of a LoRA adapter on all linear layers: rank times inputs and outputs (Hu et al. 2021). */
export const adapterParameters = (shape: BaseShape, rank: number): number =>
  shape.num_hidden_layers *
  linearLayers(shape).reduce((sum, [inputs, outputs]) => sum + rank * (inputs + outputs), 0);
