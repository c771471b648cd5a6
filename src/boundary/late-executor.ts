// SPDX-License-Identifier: GPL-3.0-only
import type { Executor } from './executor.ts';
import type { FindExecutorOptions } from './find-executor.ts';

/**
 * An executor that is looked for when the first command comes: most nodes run none, and a job of one
 * node starts without the trial. Where there is none, `onMissing` gets the error of `findExecutor`
 * before the command fails with it, so that whoever runs the job can end it.
 */
export const createLateExecutor = (
  options: FindExecutorOptions,
  onMissing: (error: unknown) => void,
): Executor => {
  let executor: Promise<Executor> | undefined;
  const find = async (): Promise<Executor> => {
    const { findExecutor } = await import('./find-executor.ts');
    try {
      return (await findExecutor(options)).executor;
    } catch (error) {
      onMissing(error);
      throw error;
    }
  };
  const found = () => {
    executor ??= find();
    return executor;
  };
  return {
    withTree: async (use, bytes) => (await found()).withTree(use, bytes),
    run: async (command) => (await found()).run(command),
  };
};
