// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import {
  artifactOf,
  commentOf,
  eventOf,
  issueOf,
  labelOf,
  pullOf,
  repositoryOf,
  reviewOf,
  userOf,
} from './represent.ts';
import {
  type Actor,
  type Artifact,
  addComment,
  addIssue,
  editIssue,
  type Issue,
  type Role,
  type State,
  setLabel,
  tick,
} from './state.ts';

export type Request = {
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly agent: Actor;
  /** Path of the bare repository that is GitHub's side of git. */
  readonly remote: string | undefined;
  /** Where its storage is. */
  readonly storage: string;
};

export type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

const ok = (body: unknown): Answer => ({ status: 200, body });
const made = (body: unknown): Answer => ({ status: 201, body });
const missing: Answer = { status: 404, body: { message: 'Not Found', status: '404' } };

const invalid = (resource: string, field: string, message: string): Answer => ({
  status: 422,
  body: {
    message: 'Validation Failed',
    errors: [{ resource, code: 'custom', field, message }],
    documentation_url: 'https://docs.github.com/rest',
  },
});

const maxBody = 65_536;

const tooLong = (resource: string, body: unknown): Answer | undefined =>
  typeof body === 'string' && body.length > maxBody
    ? invalid(resource, 'body', `body is too long (maximum is ${maxBody} characters)`)
    : undefined;

const page = <T>(items: readonly T[], query: URLSearchParams): readonly T[] => {
  const size = Number(query.get('per_page') ?? 30);
  const at = Number(query.get('page') ?? 1);
  return items.slice((at - 1) * size, at * size);
};

const issueAt = (state: State, { path }: Request): Issue | undefined =>
  state.issues.find(({ number }) => number === Number(path.issue_number));

const tipOf = (remote: string | undefined, branch: string): string | undefined => {
  if (remote === undefined) return 'a'.repeat(40);
  try {
    const args = ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`];
    return execFileSync('git', args, { cwd: remote, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
};

type Handler = (state: State, request: Request) => Answer;

const repository = '/repos/{owner}/{repo}';
const issue = `${repository}/issues/{issue_number}`;

const listPulls: Handler = (state, { query }) => {
  const wanted = query.get('state') ?? 'open';
  const head = query.get('head');
  const byUpdate = query.get('sort') === 'updated';
  const key = (one: Issue) => (byUpdate ? one.updatedAt : one.createdAt);
  const direction = query.get('direction') === 'asc' ? 1 : -1;
  const pulls = state.issues
    .filter(({ pull }) => pull)
    .filter(({ state: now }) => wanted === 'all' || now === wanted)
    .filter(({ pull }) => {
      const [owner] = (pull?.headRepository ?? '').split('/');
      return head === null || head === `${owner}:${pull?.head}`;
    })
    .sort((a, b) => (key(a) < key(b) ? -direction : direction));
  return ok(page(pulls, query).map((one) => pullOf(state, one, 'pull-request-simple')));
};

const openPull: Handler = (state, { body, agent, remote }) => {
  const { title, head, base, body: text = '', draft = false } = body as Record<string, string>;
  const headSha = tipOf(remote, String(head));
  if (headSha === undefined) return invalid('PullRequest', 'head', 'head is invalid');
  const baseSha = tipOf(remote, String(base));
  if (baseSha === undefined) return invalid('PullRequest', 'base', 'base is invalid');
  const open = state.issues.find(
    (one) =>
      one.state === 'open' &&
      one.pull?.head === head &&
      one.pull?.base === base &&
      one.pull?.headRepository === state.repository,
  );
  if (open) {
    const message = `A pull request already exists for ${state.repository.split('/')[0]}:${head}.`;
    return invalid('PullRequest', 'base', message);
  }
  const fault = tooLong('Issue', text);
  if (fault) return fault;
  const made_ = addIssue(state, {
    title: String(title),
    body: String(text),
    author: agent,
    pull: {
      head: String(head),
      headSha,
      headRepository: state.repository,
      base: String(base),
      baseSha,
      draft: Boolean(draft),
      mergedAt: null,
    },
  });
  return made(pullOf(state, made_, 'pull-request'));
};

const listIssues: Handler = (state, { query }) => {
  const labels = (query.get('labels') ?? '').split(',').filter(Boolean);
  const wanted = query.get('state') ?? 'open';
  const listed = state.issues
    .filter((one) => wanted === 'all' || one.state === wanted)
    .filter((one) => labels.every((label) => one.labels.includes(label)))
    .sort((a, b) => (query.get('direction') === 'asc' ? 1 : -1) * (a.number - b.number));
  return ok(page(listed, query).map((one) => issueOf(state, one)));
};

const openIssue: Handler = (state, { body, agent }) => {
  const {
    title,
    body: text = '',
    labels = [],
  } = body as {
    readonly title: string;
    readonly body?: string;
    readonly labels?: readonly string[];
  };
  const fault = tooLong('Issue', text);
  if (fault) return fault;
  const issue = addIssue(state, { title, body: text, author: agent });
  for (const label of labels) setLabel(state, issue, label, true, agent);
  return made(issueOf(state, issue));
};

const permissions: Readonly<Record<Role, string>> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
};

const withIssue =
  (handle: (state: State, issue: Issue, request: Request) => Answer): Handler =>
  (state, request) => {
    const target = issueAt(state, request);
    return target ? handle(state, target, request) : missing;
  };

/** The newest first. */
const listArtifacts = (artifacts: readonly Artifact[], query: URLSearchParams): Answer =>
  ok({
    total_count: artifacts.length,
    artifacts: page(
      artifacts.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
      query,
    ).map(artifactOf),
  });

/** What each route of the extract does, by its name. */
export const handlers: Readonly<Record<string, Handler>> = {
  [`GET ${repository}`]: (state) => ok(repositoryOf(state)),
  [`GET ${repository}/pulls`]: listPulls,
  [`POST ${repository}/pulls`]: openPull,
  [`GET ${repository}/pulls/{pull_number}/reviews`]: (state, { path, query }) => {
    const reviews = state.reviews.filter(({ pull }) => pull === Number(path.pull_number));
    return ok(page(reviews, query).map(reviewOf));
  },
  [`GET ${repository}/issues`]: listIssues,
  [`POST ${repository}/issues`]: openIssue,
  [`PATCH ${issue}`]: withIssue((state, target, { body, agent }) => {
    const fault = tooLong('Issue', body.body);
    if (fault) return fault;
    editIssue(state, target, String(body.body), agent);
    return ok(issueOf(state, target));
  }),
  [`GET ${issue}`]: withIssue((state, target) => ok(issueOf(state, target))),
  [`GET ${issue}/comments`]: withIssue((state, { number }, { query }) => {
    const comments = state.comments.filter((comment) => comment.issue === number);
    return ok(page(comments, query).map((comment) => commentOf(state, comment)));
  }),
  [`POST ${issue}/comments`]: withIssue((state, target, { body, agent }) => {
    const fault = tooLong('IssueComment', body.body);
    if (fault) return fault;
    return made(commentOf(state, addComment(state, target, agent, String(body.body))));
  }),
  [`PATCH ${repository}/issues/comments/{comment_id}`]: (state, { path, body }) => {
    const comment = state.comments.find(({ id }) => id === Number(path.comment_id));
    if (!comment) return missing;
    const fault = tooLong('IssueComment', body.body);
    if (fault) return fault;
    comment.body = String(body.body);
    comment.updatedAt = tick(state);
    return ok(commentOf(state, comment));
  },
  [`POST ${issue}/labels`]: withIssue((state, target, { body, agent: actor }) => {
    for (const label of body.labels as readonly string[]) {
      setLabel(state, target, label, true, actor);
    }
    return ok(target.labels.map(labelOf));
  }),
  [`DELETE ${issue}/labels/{name}`]: withIssue((state, target, { path, agent: actor }) => {
    const { name = '' } = path;
    if (!target.labels.includes(name)) {
      return { status: 404, body: { message: 'Label does not exist', status: '404' } };
    }
    setLabel(state, target, name, false, actor);
    return ok(target.labels.map(labelOf));
  }),
  [`POST ${issue}/assignees`]: withIssue((state, target, { body }) => {
    // Logins that cannot be assigned are left out in silence, as GitHub does.
    const able = (body.assignees as readonly string[]).filter(
      (login) => (state.roles[login] ?? 'none') !== 'none',
    );
    target.assignees = [...new Set([...target.assignees, ...able])];
    return made(issueOf(state, target));
  }),
  [`GET ${issue}/events`]: withIssue((state, { number }, { query }) => {
    const events = state.events.filter((event) => event.issue === number);
    return ok(page(events, query).map(eventOf));
  }),
  [`GET ${repository}/actions/artifacts`]: (state, { query }) =>
    listArtifacts(state.artifacts, query),
  [`GET ${repository}/actions/runs/{run_id}/artifacts`]: (state, { path, query }) =>
    listArtifacts(
      state.artifacts.filter(({ run }) => run === Number(path.run_id)),
      query,
    ),
  [`GET ${repository}/actions/artifacts/{artifact_id}/{archive_format}`]: (
    state,
    { path, storage },
  ) =>
    state.artifacts.some(({ id }) => id === Number(path.artifact_id))
      ? { status: 302, body: undefined, headers: { location: `${storage}/${path.artifact_id}` } }
      : missing,
  [`GET ${repository}/collaborators/{username}/permission`]: (state, { path }) => {
    const { username = '' } = path;
    const role = state.roles[username] ?? 'none';
    const user = userOf({ login: username, type: 'User' });
    return ok({
      permission: permissions[role],
      role_name: role,
      user: { ...user, role_name: role },
    });
  },
};
