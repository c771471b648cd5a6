// SPDX-License-Identifier: GPL-3.0-only
import type { SandboxConfig } from '../../config/schema.ts';
import type { Executor } from '../executor.ts';
import { limitsOf } from './limits.ts';

/** An executor whose commands may use what the settings say. */
export const boundBy = (executor: Executor, config: SandboxConfig): Executor => {
  const limits = limitsOf(config);
  return {
    run: (command) => executor.run({ limits, ...command }),
    withTree: (use) => executor.withTree(use, limits.tree),
  };
};
