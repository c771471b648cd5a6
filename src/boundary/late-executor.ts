// SPDX-License-Identifier: GPL-3.0-only
import { type Executor, SandboxFault } from './executor.ts';
import type { FindExecutorOptions } from './find-executor.ts';

/**
 * An executor that is looked for when the first command comes: most nodes run none, and a job of one
 * node starts without the trial. Where there is none, that is a fault of the sandbox.
 */
export const createLateExecutor = (options: FindExecutorOptions): Executor => {
  let executor: Promise<Executor> | undefined;
  const find = async (): Promise<Executor> => {
    const { findExecutor } = await import('./find-executor.ts');
    const found = await findExecutor(options).catch((cause: Error) => {
      throw new SandboxFault(cause.message, { cause });
    });
    return found.executor;
  };
  return {
    run: async (command) => {
      executor ??= find();
      return (await executor).run(command);
    },
  };
};
