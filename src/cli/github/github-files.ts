// SPDX-License-Identifier: GPL-3.0-only
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { configName, loadConfig } from '../../config/load-config.ts';
import { installationFolder } from '../../data/installation.ts';
import { UserError } from '../../data/user-error.ts';
import { readOrigin } from '../../forge/github/repository.ts';
import { issueTemplate } from '../../forge/intake/issue-template.ts';
import { GitFault, git } from '../../workspace/git.ts';
import { compiledWorkflows } from './compiled-workflows.ts';

/** `OWNER/pantheon@COMMIT`, optionally with ` # VERSION`. */
const actionsPattern = /^[\w.-]+\/[\w.-]+@[0-9a-f]{40}(?: # \S{1,50})?$/;

/** What a repository needs for nights on GitHub, by path: what it has of the first two stays. */
export const githubFiles = async (
  folder: string,
  config: string,
): Promise<ReadonlyMap<string, string>> => {
  const flows = await flowsFor(folder);
  const workflows = await compileBeside(folder, config, flows);
  return new Map([
    [configName, config],
    ...flows,
    ['.github/ISSUE_TEMPLATE/pantheon-spec.yml', issueTemplate()],
    ...workflows,
  ]);
};

/** The text of a file; nothing where it is missing. */
export const readIfPresent = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** The repository's own flows, or the shipped ones. */
const flowsFor = async (folder: string): Promise<readonly (readonly [string, string])[]> => {
  const read = async (from: string) => {
    const names = await readdir(join(from, 'flows')).catch((): string[] => []);
    const flows = names.filter((name) => name.endsWith('.yaml')).sort();
    return Promise.all(
      flows.map(
        async (name) =>
          [`flows/${name}`, await readFile(join(from, 'flows', name), 'utf8')] as const,
      ),
    );
  };
  const present = await read(folder);
  if (present.length > 0) return present;
  // The schema that the shipped ones name for editors is beside them alone.
  return (await read(installationFolder)).map(([name, text]) => [
    name,
    text.replace(/^# yaml-language-server: .*\n/, ''),
  ]);
};

/** Workflows as they would be with that config and those flows, without writing any of it. */
const compileBeside = async (
  folder: string,
  config: string,
  flows: readonly (readonly [string, string])[],
): Promise<ReadonlyMap<string, string>> => {
  const trial = await mkdtemp(join(tmpdir(), 'pantheon-init-'));
  try {
    await writeFile(join(trial, configName), config);
    const { agents } = loadConfig({ name: configName, text: config });
    for (const part of ['flows', 'actions', ...agents]) {
      await cp(join(folder, part), join(trial, part), { recursive: true }).catch(ifMissing);
    }
    await cp(join(installationFolder, 'flows'), join(trial, 'flows'), {
      recursive: true,
      filter: (path) =>
        flows.some(([name]) => name === `flows/${basename(path)}`) || path.endsWith('flows'),
      force: false,
    });
    return await compiledWorkflows(trial);
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
};

const ifMissing = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error;
};

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
