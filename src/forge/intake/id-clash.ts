// SPDX-License-Identifier: GPL-3.0-only
import type { GithubIssue } from '../github/answers.ts';
import type { GithubContext } from '../github/github-context.ts';
import { listApproved } from './list-approved.ts';
import { type ReadOptions, readIssue } from './read-issue.ts';

/**
 * What has the id of an issue's spec already: a file, or an issue that somebody approved, for anyone
 * may write an id into one that is not. Collect looks again. @throws ForgeFault.
 */
export const idClash = async (
  context: Pick<GithubContext, 'client'>,
  { number }: Pick<GithubIssue, 'number'>,
  id: string,
  options: ReadOptions,
): Promise<string | undefined> => {
  const place = options.taken?.get(id) ?? (await issueOf(context, number, id, options));
  return place && `Id: "${id}" is already the id of ${place}. Give one of the two another id`;
};

const issueOf = async (
  context: Pick<GithubContext, 'client'>,
  number: number,
  id: string,
  options: ReadOptions,
): Promise<string | undefined> => {
  const other = (await listApproved(context)).find((issue) => {
    if (issue.number === number) return false;
    const understood = readIssue(issue, options);
    return 'spec' in understood && understood.spec.id === id;
  });
  return other && `issue #${other.number}`;
};
