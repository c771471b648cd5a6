// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../src/data/user-error.ts';
import type { IssueForge, PullRequest } from '../../src/forge/forge.ts';

const refusedIsAnEnd = (error: unknown): void => {
  if (!(error instanceof UserError)) throw error;
};

/** What a night writes for issue 1: a pull request, a comment on the issue and its labels. */
export const sendAll = async (forge: IssueForge, pullRequest: PullRequest): Promise<void> => {
  await forge.open(pullRequest).catch(refusedIsAnEnd);
  await forge.comment(1, 'red-bin', 'It ended red.').catch(refusedIsAnEnd);
  await forge.label(1, { add: ['ready'], remove: ['invalid'] }).catch(refusedIsAnEnd);
};
