// SPDX-License-Identifier: GPL-3.0-only
import type { BatchItem, EvaluationPriority, PrioritizedBatchItem } from 'node-llama-cpp';

/** What is evaluated together in one context. */
export type Batches = {
  /** To be given to the context. */
  readonly strategy: (batch: {
    readonly items: readonly BatchItem[];
    readonly size: number;
  }) => PrioritizedBatchItem[];
  /** While it runs, the next token of one more sequence is worth waiting for. */
  readonly whileWriting: <T>(work: () => Promise<T>) => Promise<T>;
};

/**
 * How often a batch waits for a sequence whose sample has just arrived: a few microtasks each time.
 * One that is delayed by something else is not waited for.
 */
const maxWaits = 48;

/** Batches of the sequences of one context. */
export const createBatches = (): Batches => {
  let writing = 0;
  let waits = 0;
  return {
    strategy: ({ items, size }) => {
      // node-llama-cpp starts a batch when the last sample arrives, just before its sequence is back.
      if (items.length < writing && waits < maxWaits) {
        waits += 1;
        return [];
      }
      waits = 0;
      return inSlotOrder(items, size);
    },
    whileWriting: async (work) => {
      writing += 1;
      try {
        return await work();
      } finally {
        writing -= 1;
      }
    },
  };
};

/** A slot's number as node-llama-cpp hands it on to the strategy, which alone reads it. */
export const rankOf = (slot: number): EvaluationPriority => slot as EvaluationPriority;

/**
 * As many tokens as fit, those that are short first, in the order of their slots. llama.cpp evaluates
 * together only sequences that follow one another by number (`llama_batch_allocr::split_equal`): in
 * the order in which samples happen to arrive it would take them one by one.
 */
const inSlotOrder = (items: readonly BatchItem[], size: number): PrioritizedBatchItem[] => {
  let left = size;
  const taken: PrioritizedBatchItem[] = [];
  for (const item of items.toSorted((a, b) => a.tokens.length - b.tokens.length)) {
    const processAmount = Math.min(item.tokens.length, left);
    left -= processAmount;
    if (processAmount > 0) taken.push({ item, processAmount });
  }
  return taken.sort((a, b) => a.item.evaluationPriority - b.item.evaluationPriority);
};
