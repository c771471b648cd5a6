// SPDX-License-Identifier: GPL-3.0-only
import { resolve } from 'node:path';
import type { Executor } from '../../boundary/executor.ts';
import { findExecutor } from '../../boundary/find-executor.ts';
import type { NodeCounts } from '../../night/spec/run-one-node.ts';
import { locate } from '../shared/state.ts';
import type { NodeArguments } from './node-arguments.ts';

/** `pantheon node`: exit code 0 when every unit reached an end. */
export const nodeCommand = async (node: string, args: NodeArguments): Promise<NodeCounts> => {
  // Whatever this process starts is refused what only a person may ask for by day.
  process.env.PANTHEON_NIGHT = '1';
  const located = locate(args.repo);
  const confined = findExecutor({ allowUnconfined: false });
  // Both are awaited later; a failure in between is not unhandled.
  located.catch(() => {});
  confined.catch(() => {});
  const executor = async (example: boolean): Promise<Executor> => {
    const sandbox = example
      ? confined.catch(() => findExecutor({ allowUnconfined: true }))
      : confined;
    return (await sandbox).executor;
  };
  const { runNodeProcess } = await import('./node-process.ts');
  return runNodeProcess(node, resolve(args.night), args, { located, executor });
};
