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
  await look('git', '', async () => {
    const { stdout } = await git(tmpdir(), ['--version']).catch((cause) => {
      if (!(cause instanceof GitFault)) throw cause;
      throw new UserError('git does not start; sudo apt-get install git', { cause });
    });
    return stdout.toString().replace('git version ', '').trim();
  }),
  await look('sandbox', '; only the example night runs without', async () => {
    const { missing } = await findExecutor({ allowUnconfined: false });
    return ['bubblewrap', ...missing].join('; ');
  }),
];

/** What `find` finds; where a person has something to fix, that, and what it means. */
const look = async (
  name: MachineFinding['name'],
  meaning: string,
  find: () => Promise<string>,
): Promise<MachineFinding> => {
  try {
    return { name, state: 'ok', detail: await find() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [detail, fix] = splitAdvice(error.message);
    return { name, state: 'fail', detail: `${detail}${meaning}`, ...(fix && { fix }) };
  }
};
