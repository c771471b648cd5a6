// SPDX-License-Identifier: GPL-3.0-only
import { loadConfig } from '../../config/load-config.ts';
import type { Config } from '../../config/schema.ts';
import type { Forge, IssueForge } from '../../forge/forge.ts';
import { openLocalForge } from '../../forge/local-forge.ts';
import { GitFault, git } from '../../workspace/git.ts';
import type { Repository } from '../../workspace/repository.ts';
import type { StateFolder } from '../record/state-folder.ts';

export type OpenForgeOptions = {
  readonly repository: Repository;
  readonly state: StateFolder;
  /** Tells the person what is going on, a line at a time. */
  readonly say: (line: string) => void;
  readonly config: Pick<Config, 'forge' | 'github'>;
  /** Which it is where pantheon.yaml does not say. */
  readonly otherwise: 'local' | 'github';
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
};

/**
 * The forge that `forge` in pantheon.yaml names. What talks to GitHub is loaded only where it does.
 * @throws UserError where no repository on a GitHub is known.
 */
export const openForge = async (options: OpenForgeOptions): Promise<Forge | IssueForge> => {
  const { repository, state, config, environment = process.env, say, signal } = options;
  if ((config.forge ?? options.otherwise) === 'local') {
    const { pullRequests: folder, decisions } = state;
    return openLocalForge({ repository: repository.root, folder, decisions });
  }
  const [{ openGithubForge }, { readGithubRepository }] = await Promise.all([
    import('../../forge/github-forge.ts'),
    import('../../forge/github/repository.ts'),
  ]);
  return openGithubForge({
    github: readGithubRepository(environment, await originOf(repository)),
    repository: repository.root,
    folder: state.github,
    decisions: state.decisions,
    dashboard: config.github.dashboard,
    settings: config.github.pullRequests,
    into: repository.branch,
    say,
    signal,
  });
};

/** Whether a forge has issues and an outbox. */
export const hasIssues = (forge: Forge | IssueForge): forge is IssueForge => 'sync' in forge;

/** The settings of the checked-out commit, where nothing else of it is read. @throws UserError for a mistake in them. */
export const committedConfig = async ({
  root,
  head,
}: Pick<Repository, 'root' | 'head'>): Promise<Config> => {
  const name = 'pantheon.yaml';
  const text = await askGit(root, ['cat-file', 'blob', `${head}:${name}`]);
  return loadConfig(text === undefined ? undefined : { name, text });
};

/** The address of the remote `origin`, where there is one. */
export const originOf = async ({ root }: Repository): Promise<string | undefined> =>
  (await askGit(root, ['config', '--get', 'remote.origin.url']))?.trim();

/** What git says; nothing where it has nothing to say. */
const askGit = async (folder: string, args: readonly string[]): Promise<string | undefined> => {
  try {
    return (await git(folder, args)).stdout.toString('utf8');
  } catch (error) {
    if (error instanceof GitFault && error.code !== undefined) return undefined;
    throw error;
  }
};
