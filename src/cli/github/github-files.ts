// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { configName } from '../../config/config-mistake.ts';
import { installationFolder } from '../../data/installation.ts';
import type { Source } from '../../data/read-source.ts';
import { UserError } from '../../data/user-error.ts';
import { readOrigin } from '../../forge/github/repository.ts';
import { issueTemplate } from '../../forge/intake/issue-template.ts';
import { GitFault, git } from '../../workspace/git.ts';
import { flowFiles } from '../shared/flow-files.ts';
import { compiledWorkflows } from './compiled-workflows.ts';

/** `OWNER/pantheon@COMMIT`, optionally with ` # VERSION`. */
const actionsPattern = /^[\w.-]+\/[\w.-]+@[0-9a-f]{40}(?: # \S{1,50})?$/;

/** What a repository needs for nights on GitHub, by path: what it has of the first two stays. */
export const githubFiles = async (
  folder: string,
  text: string,
): Promise<ReadonlyMap<string, string>> => {
  const config = { name: configName, text };
  const own = await flowFiles(folder);
  const flows = own.length > 0 ? own : (await flowFiles(installationFolder)).map(withoutSchema);
  return new Map([
    ...[config, ...flows].map((source) => [source.name, source.text] as const),
    ['.github/ISSUE_TEMPLATE/pantheon-spec.yml', issueTemplate()],
    ...(await compiledWorkflows(folder, { config, flows })),
  ]);
};

/** The schema that the shipped ones name for editors is beside them alone. */
const withoutSchema = ({ name, text }: Source): Source => ({
  name,
  text: text.replace(/^# yaml-language-server: .*\n/, ''),
});

/** The text of a file; nothing where it is missing. */
export const readIfPresent = async (file: string): Promise<string | undefined> =>
  existsSync(file) ? readFile(file, 'utf8') : undefined;

/**
 * Which release the workflows use: what is asked for, or the commit of this installation where it is
 * a clone from a GitHub. @throws UserError when neither says.
 */
export const actionsRef = async (asked: string | undefined): Promise<string> => {
  const ref = asked ?? (await ownRef());
  if (ref !== undefined && actionsPattern.test(ref)) return ref;
  throw new UserError(
    'The release of Pantheon that the workflows use is not known. Name it: --actions OWNER/pantheon@COMMIT, with all 40 digits.',
  );
};

const ownRef = async (): Promise<string | undefined> => {
  try {
    const ask = async (args: readonly string[]) =>
      (await git(installationFolder, args)).stdout.toString('utf8').trim();
    // A package may lie in a repository that has nothing to do with Pantheon.
    if ((await ask(['rev-parse', '--show-prefix'])) !== '') return undefined;
    const origin = await ask(['config', '--get', 'remote.origin.url']);
    const name = readOrigin(origin)?.repository;
    return name && `${name}@${await ask(['rev-parse', 'HEAD'])}`;
  } catch (error) {
    if (error instanceof GitFault) return undefined;
    throw error;
  }
};
