// SPDX-License-Identifier: GPL-3.0-only
import { type Config, commitSchema } from './schema.ts';

/** The settings with the author that git's own variables name, where they name none. */
export const withAuthor = (config: Config, environment: NodeJS.ProcessEnv): Config => {
  const { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: mail } = environment;
  if (config.commit.author !== undefined || !name || mail === undefined) return config;
  const commit = commitSchema.safeParse({ ...config.commit, author: `${name} <${mail}>` });
  return commit.success ? { ...config, commit: commit.data } : config;
};
