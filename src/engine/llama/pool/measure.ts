// SPDX-License-Identifier: GPL-3.0-only
import type { LlamaModel, Token } from 'node-llama-cpp';
import type { ModelFacts } from './model-calls.ts';

const sequences = 4;
const tokensEach = 16;
const maxMs = 1500;

/**
 * Tokens per second of a small batch with 1 thread, 2, 4 and so on up to `cores`. The default of
 * llama.cpp is up to 500 times slower than the best on a small model.
 */
export const measureRates = async (
  model: LlamaModel,
  cores: number,
): Promise<ModelFacts['rates']> => {
  const rates: { threads: number; tokensPerSecond: number }[] = [];
  for (const threads of threadCounts(cores)) {
    const best = Math.max(0, ...rates.map((rate) => rate.tokensPerSecond));
    const tokensPerSecond = await rateWith(model, threads, best);
    rates.push({ threads, tokensPerSecond });
    if (tokensPerSecond < best / 2) break;
  }
  return rates;
};

/** 1, 2, 4 and so on, and all of them. */
const threadCounts = (cores: number): readonly number[] => {
  const powers = Array.from({ length: Math.floor(Math.log2(cores)) + 1 }, (_, power) => 2 ** power);
  return [...new Set([...powers, cores])];
};

/** Gives up on a thread count that is far slower than the best one so far. */
const rateWith = async (model: LlamaModel, threads: number, best: number): Promise<number> => {
  const context = await model.createContext({
    contextSize: 256,
    sequences,
    threads,
    batchSize: 256,
  });
  try {
    const [first = 0 as Token] = model.tokenize('a');
    const opened = Array.from({ length: sequences }, () => context.getSequence());
    const feed = async (token: Token): Promise<void> => {
      await Promise.all(
        opened.map((sequence) =>
          sequence.controlledEvaluate([[token, { generateNext: { token: true } }]]),
        ),
      );
    };
    await feed(first);
    const expected = best > 0 ? (tokensEach * sequences * 1000) / best : maxMs;
    const start = performance.now();
    let fed = 0;
    while (fed < tokensEach && performance.now() - start < Math.min(maxMs, expected * 2)) {
      await feed(first);
      fed += 1;
    }
    return (fed * sequences * 1000) / (performance.now() - start);
  } finally {
    await context.dispose();
  }
};

/** A batch on a large model is bound by memory, which processes share: more of them gain little. */
const largeModel = 2 ** 30;

/** How many processes with how many threads answer the most, by what was measured. */
export const chooseLayout = (
  { rates, modelBytes, gpu }: Pick<ModelFacts, 'rates' | 'modelBytes' | 'gpu'>,
  cores: number,
): { readonly processes: number; readonly threads: number } => {
  const expected = rates.map(({ threads, tokensPerSecond }) => {
    const processes = gpu === undefined ? Math.max(1, Math.floor(cores / threads)) : 1;
    const gain = modelBytes > largeModel ? processes ** 0.25 : processes;
    return { processes, threads, tokensPerSecond: tokensPerSecond * gain };
  });
  const [best] = expected.toSorted((a, b) => b.tokensPerSecond - a.tokensPerSecond);
  return { processes: best?.processes ?? 1, threads: best?.threads ?? 1 };
};
