// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../../data/printable.ts';
import { appendDecision, type PullRequestDecision, readDecisions } from '../decisions.ts';
import { commentSchema, type IssueComment, isByRepository, issueSchema } from './answers.ts';
import { type GithubContext, githubRoutes } from './github-context.ts';
import type { KnownPull } from './known-pulls.ts';

/**
 * Writes down what people did with pull requests since it was last asked, with the reason they wrote,
 * and says how many decisions that were. A merge is a yes, a closing without one a no, unless a bot
 * closed it: that says nothing of the work, and is noted on the pull request.
 * @throws ForgeFault.
 */
export const learnDecisions = async (
  context: GithubContext,
  file: string,
  pulls: readonly KnownPull[],
): Promise<{ readonly decisions: number; readonly pulls: readonly KnownPull[] }> => {
  const last = new Map<string, PullRequestDecision['decision']>();
  for (const { branch, commit, decision } of await readDecisions(file)) {
    last.set(`${branch} ${commit}`, decision);
  }
  let learnt = 0;
  const noted: KnownPull[] = [];
  for (const pull of pulls) {
    noted.push(pull);
    const { branch, commit } = pull.pullRequest;
    const decision = decisionOf(pull);
    if (decision === undefined || last.get(`${branch} ${commit}`) === decision) continue;
    if (decision === 'reject' && (await isClosedByBot(context, pull.number))) {
      noted[noted.length - 1] = { ...pull, closedBy: 'bot' };
      continue;
    }
    const why = decision === 'reject' ? await reasonOf(context, pull.number) : undefined;
    await appendDecision(file, pull.pullRequest, { at: pull.endedAt, decision, why });
    learnt += 1;
  }
  return { decisions: learnt, pulls: noted };
};

const decisionOf = ({ state, closedBy }: KnownPull): PullRequestDecision['decision'] | undefined =>
  state === 'merged'
    ? 'accept'
    : state === 'closed' && closedBy === undefined
      ? 'reject'
      : undefined;

const isClosedByBot = async ({ client }: GithubContext, issue_number: number): Promise<boolean> => {
  const { closed_by } = await client.call(githubRoutes.issue, { issue_number }, issueSchema);
  return closed_by?.type === 'Bot';
};

const maxReason = 2000;

/** What somebody of the repository wrote last below the pull request. */
const reasonOf = async (
  { client }: GithubContext,
  issue_number: number,
): Promise<string | undefined> => {
  const comments = await client.pages(githubRoutes.listComments, { issue_number }, commentSchema);
  const last = comments.findLast(isOfPerson);
  return last && printable(last.body).slice(0, maxReason);
};

const isOfPerson = (comment: IssueComment): boolean =>
  comment.user?.type === 'User' && isByRepository(comment) && !comment.body.startsWith('<!--');
