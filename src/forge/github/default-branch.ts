// SPDX-License-Identifier: GPL-3.0-only
import { repositorySchema } from './answers.ts';
import type { GithubClient } from './client.ts';
import { type GithubContext, githubRoutes } from './github-context.ts';

const answers = new WeakMap<GithubClient, Promise<string>>();

/** The repository's default branch, asked for once. @throws ForgeFault. */
export const defaultBranch = ({ client }: GithubContext): Promise<string> => {
  const before = answers.get(client);
  if (before) return before;
  const asked = client.call(githubRoutes.repository, {}, repositorySchema).then(
    ({ default_branch }) => default_branch,
    (error) => {
      answers.delete(client);
      throw error;
    },
  );
  answers.set(client, asked);
  return asked;
};
