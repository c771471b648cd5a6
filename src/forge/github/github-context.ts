// SPDX-License-Identifier: GPL-3.0-only
import type { GithubClient } from './client.ts';
import type { GithubRepository } from './repository.ts';

/** How pull requests are opened, from `github` in pantheon.yaml. */
export type GithubSettings = {
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
};

/** What everything that talks to one GitHub repository shares. */
export type GithubContext = {
  readonly github: GithubRepository;
  readonly client: GithubClient;
  /** The repository on this machine. */
  readonly repository: string;
  readonly settings: GithubSettings;
  readonly say: (line: string) => void;
};

/** Names of the routes, below the repository. */
const repository = '/repos/{owner}/{repo}';
export const githubRoutes = {
  repository: `GET ${repository}`,
  listPulls: `GET ${repository}/pulls`,
  listReviews: `GET ${repository}/pulls/{pull_number}/reviews`,
  openPull: `POST ${repository}/pulls`,
  listIssues: `GET ${repository}/issues`,
  openIssue: `POST ${repository}/issues`,
  issue: `GET ${repository}/issues/{issue_number}`,
  editIssue: `PATCH ${repository}/issues/{issue_number}`,
  listComments: `GET ${repository}/issues/{issue_number}/comments`,
  comment: `POST ${repository}/issues/{issue_number}/comments`,
  editComment: `PATCH ${repository}/issues/comments/{comment_id}`,
  addLabels: `POST ${repository}/issues/{issue_number}/labels`,
  removeLabel: `DELETE ${repository}/issues/{issue_number}/labels/{name}`,
  assign: `POST ${repository}/issues/{issue_number}/assignees`,
  events: `GET ${repository}/issues/{issue_number}/events`,
  permission: `GET ${repository}/collaborators/{username}/permission`,
  listArtifacts: `GET ${repository}/actions/artifacts`,
  listRunArtifacts: `GET ${repository}/actions/runs/{run_id}/artifacts`,
  artifactZip: `GET ${repository}/actions/artifacts/{artifact_id}/{archive_format}`,
} as const;
