// SPDX-License-Identifier: GPL-3.0-only

import { makeTemporaryFolder } from '../data/temporary-folder.ts';
import { UserError } from '../data/user-error.ts';
import { createBubblewrap } from './bubblewrap.ts';
import { type Executor, SandboxFault } from './executor.ts';
import { removeTree } from './read-only-folder.ts';
import { createUnconfined } from './unconfined.ts';

export type FoundExecutor = {
  readonly executor: Executor;
  /** What confines a command. */
  readonly confinement: 'bubblewrap' | 'nothing';
  /** One line for the person when nothing confines the commands. */
  readonly notice?: string;
};

export type FindExecutorOptions = {
  /** For the example night, which runs its own files only. */
  readonly allowUnconfined: boolean;
  readonly bwrap?: string;
};

/**
 * Tries bubblewrap by running `true` in it.
 * @throws UserError with the one-line fix when it does not work and `allowUnconfined` is false.
 */
export const findExecutor = async ({
  allowUnconfined,
  ...options
}: FindExecutorOptions): Promise<FoundExecutor> => {
  const strict = createBubblewrap(options);
  const fault = await probe(strict);
  if (fault === undefined) return { executor: strict, confinement: 'bubblewrap' };
  // bubblewrap before 0.8 and some kernels cannot forbid further namespaces; everything else still applies.
  const nesting = createBubblewrap({ ...options, disableUserns: false });
  if ((await probe(nesting)) === undefined) {
    return { executor: nesting, confinement: 'bubblewrap' };
  }
  if (!allowUnconfined) {
    throw new UserError(`tests and checks cannot be confined: ${fault.message}`, {
      cause: fault,
    });
  }
  return {
    executor: createUnconfined(),
    confinement: 'nothing',
    notice: `The tests and checks of this night ran unconfined: ${fault.message}`,
  };
};

const probe = async (executor: Executor): Promise<SandboxFault | undefined> => {
  const root = await makeTemporaryFolder('probe');
  try {
    const { code } = await executor.run({ argv: ['true'], cwd: root, root, timeoutMs: 10_000 });
    return code === 0 ? undefined : new SandboxFault('bubblewrap started and could not run "true"');
  } catch (error) {
    if (error instanceof SandboxFault) return error;
    throw error;
  } finally {
    await removeTree(root);
  }
};
