// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { getInput } from '@actions/core';
import { UserError } from '../../../data/user-error.ts';

/**
 * Where a job of a workflow works, from the environment that GitHub gives every step.
 * @throws UserError outside of a workflow.
 */
export const readJobEnvironment = () => {
  const { RUNNER_TEMP, GITHUB_WORKSPACE, GITHUB_RUN_ATTEMPT, GITHUB_REPOSITORY } = process.env;
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
export const optionalInput = (name: string): string | undefined => getInput(name) || undefined;

/** An input that must be there. */
export const requiredInput = (name: string): string => getInput(name, { required: true });
