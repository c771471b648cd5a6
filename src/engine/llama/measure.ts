// SPDX-License-Identifier: GPL-3.0-only
import type { LlamaModel, Token } from 'node-llama-cpp';
import type { Facts } from './messages.ts';

const sequences = 4;
const tokensEach = 16;
const maxMs = 1500;

/**
 * Tokens per second of a small batch with 1 thread, 2, 4 and so on up to `cores`. The default of
 * llama.cpp is up to 500 times slower than the best on a small model.
 */
export const measureRates = async (model: LlamaModel, cores: number): Promise<Facts['rates']> => {
  const rates: { threads: number; tokensPerSecond: number }[] = [];
  for (let threads = 1; threads <= cores; threads *= 2) {
    const tokensPerSecond = await rateWith(model, threads);
    rates.push({ threads, tokensPerSecond });
    const best = Math.max(...rates.map((rate) => rate.tokensPerSecond));
    if (tokensPerSecond < best / 2) break;
  }
  return rates;
};

const rateWith = async (model: LlamaModel, threads: number): Promise<number> => {
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
    const start = performance.now();
    let fed = 0;
    while (fed < tokensEach && performance.now() - start < maxMs) {
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
  { rates, modelBytes, gpu }: Pick<Facts, 'rates' | 'modelBytes' | 'gpu'>,
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
