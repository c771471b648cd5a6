// SPDX-License-Identifier: GPL-3.0-only
import type { Completion, EngineStats } from '../contract/engine.ts';

/** Counts what an engine answers and what fails, aborted requests included. */
export type Tally = {
  readonly count: (work: () => Promise<Completion>) => Promise<Completion>;
  readonly stats: () => EngineStats;
};

/** Nothing counted yet. */
export const openTally = (): Tally => {
  const total = { requests: 0, failures: 0, prompt: 0, cached: 0, completion: 0 };
  return {
    count: async (work) => {
      total.requests += 1;
      try {
        const completion = await work();
        total.prompt += completion.usage.prompt;
        total.cached += completion.usage.cached;
        total.completion += completion.usage.completion;
        return completion;
      } catch (error) {
        total.failures += 1;
        throw error;
      }
    },
    stats: () => {
      const { requests, failures, ...usage } = total;
      return { requests, failures, usage };
    },
  };
};
