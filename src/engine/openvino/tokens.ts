// SPDX-License-Identifier: GPL-3.0-only
import { createCache } from '../../data/bounded-cache.ts';
import type { Library, Tensor, Tokenizer } from './library.ts';

export type CountTokens = (text: string) => number;

/** Characters of the texts whose counts are kept: the loop counts a prompt, and the engine counts it again. */
const maxKept = 4_000_000;

/**
 * Counts a text's tokens with the model's own tokenizer; nothing is added to the text.
 * @throws Error where the tokenizer cannot be asked.
 */
export const createCounter = (library: Library, tokenizer: Tokenizer): CountTokens => {
  library.addon.Tensor ??= HeldTensor;
  const counts = createCache<string, number>(maxKept, (_, { length }) => length);
  return (text) => {
    const counted = counts.get(text) ?? (text === '' ? 0 : measure(tokenizer, text));
    counts.set(text, counted);
    return counted;
  };
};

const plain = { add_special_tokens: false };

const measure = (tokenizer: Tokenizer, text: string): number => {
  const { input_ids: ids } = tokenizer.encode([text, ''], plain);
  return ids.getShape?.().at(-1) ?? paddings(tokenizer, ids);
};

/**
 * Where openvino-node brings no tensors that can be read, the second text tells the length: it is
 * empty, and filled up with one and the same token to the length of the first.
 */
const paddings = (tokenizer: Tokenizer, ids: Tensor): number => {
  const filled = tokenizer.decode(ids, { skip_special_tokens: false })[1] ?? '';
  if (filled === '') throw new Error("the tokenizer's tokens cannot be counted");
  return filled.length / `${filled}${filled}`.indexOf(filled, 1);
};

/** In the place of openvino-node's tensors, where it has none: what the native part gave, and takes back. */
function HeldTensor(this: Record<string, unknown>, external: unknown): void {
  this.__getExternalTensor = () => external;
}
