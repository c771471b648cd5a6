// SPDX-License-Identifier: GPL-3.0-only
import { fill } from './contract.ts';
import type { Actor, Artifact, Comment, Issue, LabelEvent, Review, State } from './state.ts';

/* How GitHub writes what it knows; `fill` adds what the schema requires beyond what matters here. */

const site = 'https://github.test';

export const userOf = ({ login, type }: Actor) => fill('simple-user', { login, type, id: 1 });

export const repositoryOf = (state: State, schema = 'full-repository') => {
  const [owner = '', name = ''] = state.repository.split('/');
  return fill(schema, {
    id: 1,
    name,
    full_name: state.repository,
    owner: userOf({ login: owner, type: 'User' }),
    private: false,
    default_branch: state.defaultBranch,
    html_url: `${site}/${state.repository}`,
  });
};

export const artifactOf = ({ id, name, run, zip, createdAt, digest }: Artifact) =>
  fill('artifact', {
    ...{
      id,
      name,
      digest: digest ?? null,
      size_in_bytes: zip.length,
      expired: false,
      created_at: createdAt,
    },
    workflow_run: { id: run },
  });

export const labelOf = (name: string) =>
  fill('label', { id: 1, name, color: 'ededed', description: '' });

/** What GitHub says of an author's tie to the repository. */
const associationOf = (state: State, { login }: Actor): string => {
  const role = state.roles[login] ?? 'none';
  if (login === state.repository.split('/')[0]) return 'OWNER';
  return role === 'none' || role === 'read' ? 'NONE' : 'COLLABORATOR';
};

export const issueOf = (state: State, issue: Issue) => {
  const url = `${site}/${state.repository}/issues/${issue.number}`;
  return fill('issue', {
    id: issue.number,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    user: userOf(issue.author),
    author_association: associationOf(state, issue.author),
    labels: issue.labels.map(labelOf),
    assignees: issue.assignees.map((login) => userOf({ login, type: 'User' })),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    ...(issue.closedBy && { closed_by: userOf(issue.closedBy) }),
    html_url: url,
    ...(issue.pull && {
      pull_request: {
        diff_url: url,
        html_url: url,
        patch_url: url,
        url,
        merged_at: issue.pull.mergedAt,
      },
    }),
  });
};

export const pullOf = (state: State, issue: Issue, schema: string) => {
  const { pull } = issue;
  if (!pull) throw new Error(`#${issue.number} is no pull request`);
  const [owner = ''] = pull.headRepository.split('/');
  const side = (ref: string, sha: string, repository: string) => ({
    label: `${repository.split('/')[0]}:${ref}`,
    ref,
    sha,
    repo: { ...repositoryOf(state, 'repository'), full_name: repository },
    user: userOf({ login: owner, type: 'User' }),
  });
  return fill(schema, {
    id: issue.number,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    draft: pull.draft,
    user: userOf(issue.author),
    author_association: associationOf(state, issue.author),
    labels: issue.labels.map(labelOf),
    assignees: issue.assignees.map((login) => userOf({ login, type: 'User' })),
    head: side(pull.head, pull.headSha, pull.headRepository),
    base: side(pull.base, pull.baseSha, state.repository),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergedAs ?? null,
    html_url: `${site}/${state.repository}/pull/${issue.number}`,
  });
};

export const reviewOf = (review: Review) =>
  fill('pull-request-review', {
    user: userOf(review.author),
    state: review.state,
    submitted_at: review.submittedAt,
  });

export const commentOf = (state: State, comment: Comment) =>
  fill('issue-comment', {
    id: comment.id,
    body: comment.body,
    user: userOf(comment.author),
    author_association: associationOf(state, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: `${site}/${state.repository}/issues/${comment.issue}#issuecomment-${comment.id}`,
  });

export const eventOf = (event: LabelEvent) =>
  fill(`${event.event}-issue-event`, {
    id: event.id,
    event: event.event,
    actor: userOf(event.agent),
    label: { name: event.label, color: 'ededed' },
    created_at: event.createdAt,
    performed_via_github_app: event.app
      ? fill('nullable-integration', { id: 7, slug: 'an-app' })
      : null,
  });
