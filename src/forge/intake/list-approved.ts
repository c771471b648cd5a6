// SPDX-License-Identifier: GPL-3.0-only
import { type GithubIssue, issueSchema } from '../github/answers.ts';
import { type GithubContext, githubRoutes } from '../github/github-context.ts';
import { intakeLabels } from './form.ts';

/** Open issues with the approving label, whoever set it, oldest first. @throws ForgeFault. */
export const listApproved = async ({
  client,
}: Pick<GithubContext, 'client'>): Promise<readonly GithubIssue[]> => {
  const asked = { labels: intakeLabels.approved, state: 'open', sort: 'created', direction: 'asc' };
  const issues = await client.pages(githubRoutes.listIssues, asked, issueSchema);
  return issues.filter((issue) => issue.pull_request === undefined);
};
