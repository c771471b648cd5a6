// SPDX-License-Identifier: GPL-3.0-only
import { GitFault } from '../workspace/git.ts';

/** Whether git does what is asked: false where it ends with an exit code. @throws what else goes wrong. */
export const gitSucceeds = async (ask: () => Promise<unknown>): Promise<boolean> => {
  try {
    await ask();
    return true;
  } catch (fault) {
    if (fault instanceof GitFault && fault.code !== undefined) return false;
    throw fault;
  }
};
