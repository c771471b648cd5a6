// SPDX-License-Identifier: GPL-3.0-only

/** Someone at GitHub. A bot's login ends in `[bot]`. */
export type Actor = { readonly login: string; readonly type: 'User' | 'Bot' };

export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none';

/** An issue or a pull request: GitHub numbers them together. */
export type Issue = {
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  author: Actor;
  labels: string[];
  assignees: string[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy?: Actor;
  pull?: {
    head: string;
    headSha: string;
    headRepository: string;
    base: string;
    baseSha: string;
    draft: boolean;
    mergedAt: string | null;
    mergedAs?: string;
  };
};

/** What a run of a workflow left; `zip` is what is fetched. */
export type Artifact = {
  id: number;
  name: string;
  run: number;
  zip: Buffer;
  createdAt: string;
  digest?: string;
};

export type Comment = {
  id: number;
  issue: number;
  author: Actor;
  body: string;
  createdAt: string;
  updatedAt: string;
};

/** One revision of an issue's text, as GraphQL lists them. */
export type Revision = { id: string; issue: number; editor: Actor; editedAt: string };

export type Review = {
  pull: number;
  author: Actor;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  submittedAt: string;
};

export type LabelEvent = {
  id: number;
  issue: number;
  event: 'labeled' | 'unlabeled';
  label: string;
  agent: Actor;
  app: boolean;
  createdAt: string;
};

/** All that the simulated GitHub knows of its one repository. */
export type State = {
  repository: string;
  defaultBranch: string;
  issues: Issue[];
  comments: Comment[];
  reviews: Review[];
  artifacts: Artifact[];
  events: LabelEvent[];
  revisions: Revision[];
  roles: Record<string, Role>;
  nextId: number;
  /** Seconds that have passed: each write is a second later than the last. */
  clock: number;
  /** `POST /repos/{owner}/{repo}/pulls`, in the order in which they came. */
  calls: string[];
  /** What was not as GitHub's description says. */
  violations: string[];
};

export const newState = (repository: string): State => ({
  repository,
  defaultBranch: 'main',
  issues: [],
  comments: [],
  reviews: [],
  artifacts: [],
  events: [],
  revisions: [],
  roles: {},
  nextId: 1,
  clock: 0,
  calls: [],
  violations: [],
});

const epoch = Date.parse('2026-11-21T00:00:00Z');

/** The time of a write, to the second as GitHub gives it. */
export const tick = (state: State): string => {
  state.clock += 1;
  return new Date(epoch + state.clock * 1000).toISOString().replace('.000Z', 'Z');
};

export const nextId = (state: State): number => {
  state.nextId += 1;
  return state.nextId;
};

/** Opens an issue as a person does. */
export const addIssue = (
  state: State,
  issue: Pick<Issue, 'title' | 'body' | 'author'> & Partial<Issue>,
): Issue => {
  const now = tick(state);
  const made: Issue = {
    number: state.issues.length + 1,
    state: 'open',
    labels: [],
    assignees: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    ...issue,
  };
  state.issues.push(made);
  return made;
};

/** Edits an issue's text as `editor`; the first edit of all also lists the text as it was made. */
export const editIssue = (state: State, issue: Issue, body: string, editor: Actor): void => {
  const add = (by: Actor, editedAt: string): void => {
    const id = `UCE_${nextId(state)}`;
    state.revisions.unshift({ id, issue: issue.number, editor: by, editedAt });
  };
  if (!state.revisions.some((revision) => revision.issue === issue.number)) {
    add(issue.author, issue.createdAt);
  }
  issue.body = body;
  issue.updatedAt = tick(state);
  add(editor, issue.updatedAt);
};

/** Adds or takes off a label as `actor`; what is so already makes no event. */
export const setLabel = (
  state: State,
  issue: Issue,
  label: string,
  on: boolean,
  agent: Actor,
  app = false,
): void => {
  if (issue.labels.includes(label) === on) return;
  issue.labels = on ? [...issue.labels, label] : issue.labels.filter((name) => name !== label);
  const createdAt = tick(state);
  issue.updatedAt = createdAt;
  const event = on ? 'labeled' : 'unlabeled';
  state.events.push({
    id: nextId(state),
    issue: issue.number,
    event,
    label,
    agent: agent,
    app,
    createdAt,
  });
};

export const addComment = (state: State, issue: Issue, author: Actor, body: string): Comment => {
  const now = tick(state);
  const comment = {
    id: nextId(state),
    issue: issue.number,
    author,
    body,
    createdAt: now,
    updatedAt: now,
  };
  state.comments.push(comment);
  issue.updatedAt = now;
  return comment;
};

export const addReview = (
  state: State,
  issue: Issue,
  author: Actor,
  verdict: Review['state'],
): void => {
  const submittedAt = tick(state);
  state.reviews.push({ pull: issue.number, author, state: verdict, submittedAt });
  issue.updatedAt = submittedAt;
};
