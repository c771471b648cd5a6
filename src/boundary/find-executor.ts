// SPDX-License-Identifier: GPL-3.0-only

import { UserError } from '../data/user-error.ts';
import { createBubblewrap } from './bubblewrap.ts';
import { type Executor, SandboxFault } from './executor.ts';
import { createUnconfined } from './unconfined.ts';

export type FoundExecutor = {
  readonly executor: Executor;
  /** What confines a command. */
  readonly confinement: 'bubblewrap' | 'nothing';
  /** Protections that this bubblewrap or kernel does not offer, a line each; others stand in for them. */
  readonly missing: readonly string[];
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
  if (fault === undefined) return { executor: strict, confinement: 'bubblewrap', missing: [] };
  // bubblewrap before 0.8 and some kernels cannot forbid further namespaces; everything else still applies.
  const nesting = createBubblewrap({ ...options, disableUserns: false });
  if ((await probe(nesting)) === undefined) {
    const missing = [
      `The sandbox does not forbid further user namespaces by itself (${firstLine(fault)}); only the filter of system calls does.`,
    ];
    return { executor: nesting, confinement: 'bubblewrap', missing };
  }
  if (!allowUnconfined) {
    throw new UserError(`tests and checks cannot be confined: ${fault.message}`, {
      cause: fault,
    });
  }
  return {
    executor: createUnconfined(),
    confinement: 'nothing',
    missing: [],
    notice: `The tests and checks of this night ran unconfined: ${fault.message}`,
  };
};

/** What bubblewrap said, without our advice. */
const firstLine = ({ message }: SandboxFault): string =>
  /\(([^()]*)\)/.exec(message)?.[1] ?? message;

const probe = async (executor: Executor): Promise<SandboxFault | undefined> => {
  try {
    const { code } = await executor.withTree(({ path }) =>
      executor.run({ argv: ['true'], cwd: path, root: path, timeoutMs: 10_000 }),
    );
    return code === 0 ? undefined : new SandboxFault('bubblewrap started and could not run "true"');
  } catch (error) {
    if (error instanceof SandboxFault) return error;
    throw error;
  }
};
