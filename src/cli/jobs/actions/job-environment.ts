// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { UserError } from '../../../data/user-error.ts';

/** Where a job of a workflow works, from the environment that GitHub gives every step. */
export type JobEnvironment = {
  readonly repo: string;
  readonly arrived: string;
  readonly night: string;
  readonly out: string;
  readonly morning: string;
  readonly attempt: string;
};

/** @throws UserError outside of a workflow. */
export const readJobEnvironment = (
  environment: NodeJS.ProcessEnv = process.env,
): JobEnvironment => {
  const { RUNNER_TEMP, GITHUB_WORKSPACE, GITHUB_RUN_ATTEMPT, GITHUB_REPOSITORY } = environment;
  if (!RUNNER_TEMP || !GITHUB_WORKSPACE) {
    throw new UserError(
      'RUNNER_TEMP and GITHUB_WORKSPACE are not set: an action runs in a workflow; by hand, use pantheon collect, node, publish and report',
    );
  }
  // The state folder must not depend on where this runner puts its checkouts.
  process.env.PANTHEON_REPOSITORY ??= GITHUB_REPOSITORY;
  const folder = join(RUNNER_TEMP, 'pantheon');
  return {
    repo: GITHUB_WORKSPACE,
    arrived: join(folder, 'arrived'),
    night: join(folder, 'night'),
    out: join(folder, 'out'),
    morning: join(folder, 'morning'),
    attempt: GITHUB_RUN_ATTEMPT || '1',
  };
};

/** An input that may be left out. */
export const optionalInput = (name: string): string | undefined =>
  process.env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined;

/** An input that must be there. @throws UserError where it is not. */
export const requiredInput = (name: string): string => {
  const value = optionalInput(name);
  if (value === undefined) {
    throw new UserError(`the input "${name}" is missing. Compile the flow again`);
  }
  return value;
};
