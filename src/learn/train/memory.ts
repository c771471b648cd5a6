// SPDX-License-Identifier: GPL-3.0-only
import { adapterParameters, type BaseShape, parametersOf } from './base.ts';
import type { Method, Recipe } from './recipe.ts';

/** An estimate in bytes, by what takes it. */
export type MemoryEstimate = {
  readonly weights: number;
  readonly trained: number;
  readonly activations: number;
  readonly rest: number;
  readonly total: number;
};

/** The formula, for a person. */
export const memoryFormula =
  'weights x bytes each + 16 bytes x trained parameters + tokens x hidden x (2 bytes x blocks + 34 bytes) + 1 GiB';

/** Context of the driver, kernels and what is loaded beside the model. */
const rest = 1024 ** 3;

/** Weight, gradient and the two moments of AdamW, at 4 bytes each (Rajbhandari et al. 2020, section 3.1). */
const bytesTrained = 16;

/**
 * What a step takes at its peak, with a batch of one row, blocks recomputed and the loss in chunks, as TRL does it by default.
 * A block keeps its input, and while it is recomputed 34 bytes for each token and hidden unit at two bytes a number
 * (Korthikanti et al. 2022, equation 1; attention in tiles). NF4 takes 4.127 bits a weight (Dettmers et al. 2023, section 3).
 */
export const estimateMemory = (
  shape: BaseShape,
  { method, rank }: Pick<Recipe, 'method' | 'rank'>,
  { tokens, onGpu }: { readonly tokens: number; readonly onGpu: boolean },
): MemoryEstimate => {
  const { blocks, embeddings } = parametersOf(shape);
  const number = onGpu ? 2 : 4;
  const bytesOf: Readonly<Record<Method, number>> = {
    qlora: (blocks * 4.127) / 8 + embeddings * number,
    lora: (blocks + embeddings) * number,
    full: 0,
  };
  const count = method === 'full' ? blocks + embeddings : adapterParameters(shape, rank);
  const unit = tokens * shape.hidden_size * (number / 2);
  const parts = {
    weights: bytesOf[method],
    trained: bytesTrained * count,
    activations: unit * (2 * shape.num_hidden_layers + 34),
    rest,
  };
  const total = Object.values(parts).reduce((sum, part) => sum + part, 0);
  return { ...parts, total };
};
