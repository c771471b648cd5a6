// SPDX-License-Identifier: GPL-3.0-only
import { ForgeFault } from '../forge-fault.ts';
import { type GithubIssue, issueSchema } from '../github/answers.ts';
import { type GithubContext, githubRoutes } from '../github/github-context.ts';
import { type MayWrite, openPermissions } from '../github/permissions.ts';
import type { DashboardFile } from './dashboard-file.ts';
import { editsOf, readHistory } from './edit-history.ts';
import { dashboardLabel, dashboardMarker, dashboardTitle } from './issue-text.ts';

type PlacedIssue = { readonly number: number; readonly state: 'open' | 'closed' };

/**
 * The dashboard issue of a state folder that knows of none: made by a request whose answer was lost, or by
 * another machine. Of those with label and marker the oldest that a bot or somebody who may write here made:
 * anyone can write the marker. @throws ForgeFault.
 */
export const findIssue = async (context: GithubContext): Promise<PlacedIssue | undefined> => {
  const asked = { labels: dashboardLabel, state: 'all', sort: 'created', direction: 'asc' };
  const issues = await context.client.pages(githubRoutes.listIssues, asked, issueSchema);
  const mayWrite = openPermissions(context);
  for (const issue of issues) {
    if (!(await isOurs(issue, mayWrite))) continue;
    return { number: issue.number, state: issue.state === 'open' ? 'open' : 'closed' };
  }
  return undefined;
};

const isOurs = async (
  { body, user, pull_request }: GithubIssue,
  mayWrite: MayWrite,
): Promise<boolean> => {
  if (pull_request || !user || !body?.startsWith(dashboardMarker)) return false;
  return user.type === 'Bot' || mayWrite(user.login);
};

/** Opens the issue and returns its number. @throws ForgeFault. */
export const makeIssue = async ({ client }: GithubContext, body: string): Promise<number> => {
  const asked = { title: dashboardTitle, body, labels: [dashboardLabel] };
  return (await client.call(githubRoutes.openIssue, asked, issueSchema)).number;
};

/** Replaces its text. @throws ForgeFault. */
export const editIssue = async (
  { client }: GithubContext,
  issue_number: number,
  body: string,
): Promise<void> => {
  await client.call(githubRoutes.editIssue, { issue_number, body }, issueSchema);
};

/** The edits of an issue up to its text as we wrote it; nothing where that is not what it says, or not told. */
export const editsOfOurs = async (
  context: GithubContext,
  number: number,
  body: string,
): Promise<DashboardFile['edits']> => {
  try {
    const history = await readHistory(context, number);
    return isSameText(history.body, body) ? editsOf(history) : null;
  } catch (error) {
    if (error instanceof ForgeFault) return null;
    throw error;
  }
};

/** GitHub may write other line ends than it was given. */
export const isSameText = (a: string, b: string): boolean =>
  a.replaceAll('\r\n', '\n').trim() === b.trim();
