// SPDX-License-Identifier: GPL-3.0-only

import { tmpdir } from 'node:os';
import { findExecutor } from '../../boundary/find-executor.ts';
import { splitAdvice } from '../../data/split-advice.ts';
import { UserError } from '../../data/user-error.ts';
import type { Check } from '../../engine/contract/engine.ts';
import { GitFault, git } from '../../workspace/git.ts';

/** One thing about this machine that a night needs. */
export type MachineFinding = Omit<Check, 'name'> & {
  readonly name: 'node' | 'git' | 'repository' | 'sandbox';
};

/** What tests and checks are confined by, and the programs that run everything. */
export const machineFindings = async (): Promise<readonly MachineFinding[]> => [
  { name: 'node', state: 'ok', detail: process.versions.node },
  await gitFinding(),
  await sandboxFinding(),
];

const gitFinding = async (): Promise<MachineFinding> => {
  try {
    const { stdout } = await git(tmpdir(), ['--version']);
    return {
      name: 'git',
      state: 'ok',
      detail: stdout.toString().replace('git version ', '').trim(),
    };
  } catch (error) {
    if (!(error instanceof GitFault) && !(error instanceof UserError)) throw error;
    return {
      name: 'git',
      state: 'fail',
      detail: 'git does not start',
      fix: 'sudo apt-get install git',
    };
  }
};

const sandboxFinding = async (): Promise<MachineFinding> => {
  try {
    await findExecutor({ allowUnconfined: false });
    return { name: 'sandbox', state: 'ok', detail: 'bubblewrap' };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [detail, fix = 'install bubblewrap'] = splitAdvice(error.message);
    return {
      name: 'sandbox',
      state: 'fail',
      detail: `${detail}; only the example night runs without`,
      fix,
    };
  }
};
