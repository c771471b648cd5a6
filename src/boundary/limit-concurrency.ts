// SPDX-License-Identifier: GPL-3.0-only
import PQueue from 'p-queue';
import type { Executor } from './executor.ts';

/**
 * An executor that runs at most `most` commands at once: an engine's many slots let as many agents
 * ask for a check, and a machine has few cores.
 */
export const limitConcurrency = (executor: Executor, most: number): Executor => {
  const queue = new PQueue({ concurrency: most });
  return { ...executor, run: (command) => queue.add(() => executor.run(command)) };
};
