// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { type ModulesFolder, readOnlyModules } from '../boundary/dependencies.ts';
import type { Command, Execution, Executor } from '../boundary/executor.ts';
import type { Overlay } from '../workspace/overlay.ts';
import { writeWorktree } from '../workspace/worktree.ts';

export type TreeCommand = Pick<Command, 'argv' | 'env' | 'stdin' | 'timeoutMs' | 'maxOutput'> & {
  /** Working folder from the top of the tree; default the top. */
  readonly folder?: string;
  readonly modules?: readonly ModulesFolder[];
};

export type TreeMeans = {
  readonly overlay: Overlay;
  readonly executor: Executor;
  readonly signal?: AbortSignal;
};

/** Runs a command on the tree. @throws SandboxFault */
export type RunOnTree = (command: TreeCommand) => Promise<Execution>;

/**
 * Writes the patched tree into a folder that the executor lends, gives the means to run commands on it, and
 * removes it. What a command writes there, the next one sees.
 */
export const onPatchedTree = async <T>(
  { overlay, executor, signal }: TreeMeans,
  use: (run: RunOnTree) => Promise<T>,
): Promise<T> =>
  executor.withTree(async (tree) => {
    const { path: root } = tree;
    await writeWorktree(overlay.base.repository, overlay, tree, { ...(signal && { signal }) });
    return await use(({ folder = '', modules = [], ...command }) =>
      executor.run({
        ...command,
        ...(signal && { signal }),
        root,
        cwd: join(root, folder),
        readOnly: readOnlyModules(modules),
      }),
    );
  });
