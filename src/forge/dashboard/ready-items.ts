// SPDX-License-Identifier: GPL-3.0-only
import { commentSchema, issueSchema, labelsOf } from '../github/answers.ts';
import { type GithubContext, githubRoutes } from '../github/github-context.ts';
import { openPermissions } from '../github/permissions.ts';
import { findOwn } from '../github/send-comment.ts';
import { intakeKey, readState } from '../intake/comment-text.ts';
import { intakeLabels } from '../intake/form.ts';
import { type ReadOptions, readIssue } from '../intake/read-issue.ts';
import type { DashboardItem } from './item.ts';

/** Each costs a request or two; who has more waiting approves them where they are. */
const mostReady = 30;

/**
 * The open issues that the intake found valid and nobody approved, as they are now and as its comment
 * shows them: what a person ticks here can be read there. @throws ForgeFault.
 */
export const readyItems = async (
  context: GithubContext,
  options: ReadOptions,
): Promise<readonly DashboardItem[]> => {
  const { client } = context;
  const asked = { labels: intakeLabels.ready, state: 'open', sort: 'created', direction: 'asc' };
  const issues = await client.pages(githubRoutes.listIssues, asked, issueSchema);
  const mayWrite = openPermissions(context);
  const items: DashboardItem[] = [];
  for (const issue of issues.filter(({ pull_request }) => !pull_request)) {
    if (items.length === mostReady) break;
    if (labelsOf(issue).some((label) => label.toLowerCase() === intakeLabels.approved)) continue;
    const understood = readIssue(issue, options);
    if ('mistakes' in understood) continue;
    const { spec, digest } = understood;
    const place = { issue_number: issue.number };
    const comments = await client.pages(githubRoutes.listComments, place, commentSchema);
    const state = readState((await findOwn(comments, intakeKey, mayWrite))?.body ?? '');
    if (state?.state !== 'valid' || state.digest !== digest) continue;
    items.push({
      ...{ spec: spec.id, title: spec.title, digest, issue: issue.number, state: 'to-approve' },
      reason: 'it is a valid spec, and nobody who may write here has approved it',
      ...{ actions: ['approve'], after: null },
    });
  }
  return items;
};
