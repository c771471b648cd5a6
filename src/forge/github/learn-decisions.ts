// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../../data/printable.ts';
import { appendDecision, type Decision, readDecisions } from '../decisions.ts';
import { commentSchema, type IssueComment } from './answers.ts';
import { type GithubContext, route } from './context.ts';
import type { KnownPull } from './known-pulls.ts';

/**
 * Writes down what people did with pull requests since it was last asked, with the reason they wrote,
 * and says how many decisions that were. A merge is a yes, a closing without one a no.
 * @throws ForgeFault.
 */
export const learnDecisions = async (
  context: GithubContext,
  file: string,
  pulls: readonly KnownPull[],
): Promise<number> => {
  const last = new Map<string, Decision['decision']>();
  for (const { branch, commit, decision } of await readDecisions(file)) {
    last.set(`${branch} ${commit}`, decision);
  }
  let learnt = 0;
  for (const pull of pulls) {
    const { branch, commit, spec, specDigest, night, digest } = pull.pullRequest;
    const decision = decisionOf(pull);
    if (decision === undefined || last.get(`${branch} ${commit}`) === decision) continue;
    const why = decision === 'reject' ? await reasonOf(context, pull.number) : undefined;
    await appendDecision(file, {
      at: pull.endedAt ?? new Date().toISOString(),
      branch,
      spec,
      specDigest,
      night,
      commit,
      digest,
      decision,
      ...(why !== undefined && { why }),
    });
    learnt += 1;
  }
  return learnt;
};

const decisionOf = ({ state }: KnownPull): Decision['decision'] | undefined =>
  state === 'merged' ? 'accept' : state === 'closed' ? 'reject' : undefined;

const maxReason = 2000;

/** What somebody of the repository wrote last below the pull request. */
const reasonOf = async (
  { client }: GithubContext,
  issue_number: number,
): Promise<string | undefined> => {
  const comments = await client.pages(route.listComments, { issue_number }, commentSchema);
  const last = comments.findLast(isOfPerson);
  return last && printable(last.body).slice(0, maxReason);
};

const ofRepository = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

const isOfPerson = ({ user, author_association, body }: IssueComment): boolean =>
  user?.type === 'User' && ofRepository.has(author_association ?? '') && !body.startsWith('<!--');
