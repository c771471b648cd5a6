// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../data/count-noun.ts';
import type { EngineSummary, MeasuredFigures } from './summary.ts';

/** How an engine is called where a person reads of it: `vllm Qwen/Qwen3-8B`. */
export const engineName = ({ engine, model }: EngineSummary): string =>
  model === undefined ? engine : `${engine} ${model}`;

/** One line: how full the batch was, how fast, how much of the prompts was cached, how long the wait. */
export const describeFigures = (figures: MeasuredFigures): string => {
  const { requests, failures, retries, batch, tokensPerSecond, prefixHitRate, queueMs } = figures;
  if (requests === 0) return 'not asked';
  return [
    `${countNoun(requests, 'request')}, ${batch.toFixed(1)} at once on average`,
    `${tokensPerSecond.toFixed(0)} tokens/s`,
    ...(prefixHitRate === null
      ? []
      : [`${(prefixHitRate * 100).toFixed(0)} % of the prompts from the prefix cache`]),
    `queue wait ${inSeconds(queueMs.mean)} (95 % under ${inSeconds(queueMs.p95)})`,
    ...(retries > 0 ? [`${retries} sent again while it was busy`] : []),
    ...(failures > 0 ? [`${failures} failed`] : []),
  ].join(', ');
};

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;

/** A batch this small wastes a GPU: each step of the model costs the same for one request or many. */
export const smallBatch = 8;

/** What a person should know beside the figures, each after a full stop. */
export const engineHint = ({ since, slots, batch, requests }: EngineSummary): string =>
  [
    ...(since === 'resume' ? ['since the night was resumed'] : []),
    ...(since === 'jobs' ? ['rates are averages over jobs'] : []),
    ...(slots >= smallBatch && batch < smallBatch && requests >= 4 * slots
      ? ['the batch stayed small: the work is cut too coarse to fill it']
      : []),
  ]
    .map((hint) => `; ${hint}`)
    .join('');
