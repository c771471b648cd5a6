// SPDX-License-Identifier: GPL-3.0-only
import type { Answer } from './routes.ts';
import type { Actor, State } from './state.ts';

/** GraphQL writes a bot's login without its ending. */
const actorOf = ({ login, type }: Actor) => ({
  __typename: type,
  login: login.replace(/\[bot\]$/, ''),
});

/** Who edited an issue, newest first: the one thing that is asked of GraphQL. */
export const askGraph = (
  state: State,
  { query, variables }: { readonly query: string; readonly variables: Record<string, unknown> },
): Answer => {
  const { owner, repo, number } = variables;
  const issue = state.issues.find((one) => one.number === number && !one.pull);
  if (!/\buserContentEdits\(first: 100\)/.test(query)) {
    state.violations.push(`GraphQL is asked something else: ${query}`);
  }
  if (`${owner}/${repo}` !== state.repository || !issue) {
    const message = `Could not resolve to an Issue with the number of ${number}.`;
    const errors = [{ type: 'NOT_FOUND', path: ['repository', 'issue'], message }];
    return { status: 200, body: { data: { repository: { issue: null } }, errors } };
  }
  const revisions = state.revisions.filter((revision) => revision.issue === number);
  const nodes = revisions.slice(0, 100).map(({ id, editedAt, editor }) => ({
    ...{ id, editedAt },
    editor: actorOf(editor),
  }));
  return {
    status: 200,
    body: {
      data: {
        repository: {
          issue: {
            state: issue.state.toUpperCase(),
            body: issue.body,
            author: actorOf(issue.author),
            userContentEdits: { totalCount: revisions.length, nodes },
          },
        },
      },
    },
  };
};
