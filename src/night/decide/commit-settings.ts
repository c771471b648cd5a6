// SPDX-License-Identifier: GPL-3.0-only
import { type Config, commitSchema } from '../../config/schema.ts';
import { GitFault, git } from '../../workspace/git.ts';

type Settings = Config['commit'];

/**
 * By whom commits are and whether they are signed: as pantheon.yaml says, else as git's variables and
 * settings do where a night is decided.
 */
export const commitSettings = async (
  settings: Settings,
  repository: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Settings> => {
  const sign = settings.sign ?? (await signsByItself(repository));
  const named = (key: 'author' | 'committer') =>
    identity(repository, key.toUpperCase(), settings[key], environment);
  const author = await named('author');
  // A forge calls a signature verified only where the committer is whose key it is.
  const committer = sign || settings.committer !== undefined ? await named('committer') : undefined;
  return { ...settings, sign, ...(author && { author }), ...(committer && { committer }) };
};

/** Whether a person had git sign every commit: the value before the last, which is of every git here. */
export const signsByItself = async (repository: string): Promise<boolean> => {
  const said = await says(repository, ['config', '--type=bool', '--get-all', 'commit.gpgSign']);
  return said?.split('\n').at(-2) === 'true';
};

/** As git writes it into a commit: some characters are lost at the ends of a name (git-commit-tree(1)). */
const identity = async (
  repository: string,
  kind: string,
  setting: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> => {
  const [, ...set] = /^(.*) <(.*)>$/s.exec(setting ?? '') ?? [];
  const [name, mail] = [`GIT_${kind}_NAME`, `GIT_${kind}_EMAIL`];
  const [by = environment[name], at = environment[mail]] = set;
  // Only a committer may be whom git's settings name: they are there for what a person commits.
  if (kind === 'AUTHOR' && (!by || at === undefined)) return undefined;
  const env = { ...(by && { [name]: by }), ...(at !== undefined && { [mail]: at }) };
  const said = await says(
    repository,
    ['-c', 'user.useConfigOnly=true', 'var', `GIT_${kind}_IDENT`],
    env,
  );
  const one = said?.replace(/ \d+ [+-]\d+$/, '');
  return commitSchema.shape.author.safeParse(one).data;
};

/** What git says; nothing where it has nothing to say. */
const says = async (
  repository: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string | undefined> => {
  try {
    return (await git(repository, args, { env })).stdout.toString('utf8').trim();
  } catch (error) {
    if (error instanceof GitFault && error.code !== undefined) return undefined;
    throw error;
  }
};
