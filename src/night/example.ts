// SPDX-License-Identifier: GPL-3.0-only
import { access, constants, cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installationFolder } from '../data/installation.ts';
import { git } from '../workspace/git.ts';
import { exampleMark, type StateFolder, stateAt } from './record/state-folder.ts';

export type Example = {
  readonly repository: string;
  readonly specs: string;
  readonly state: StateFolder;
};

/**
 * Copies the example vault and its settings into a git repository of its own, below `traces/` where this
 * installation can be written, else in the temporary folder. State and traces lie beside it.
 */
export const createExample = async (startedAt: string): Promise<Example> => {
  const folder = await exampleFolder(startedAt);
  const repository = join(folder, 'vault');
  // Tells the other commands that this vault's state lies beside it.
  await writeFile(join(folder, exampleMark), `${startedAt}\n`);
  for (const part of ['vault', 'settings']) {
    await cp(join(installationFolder, 'examples', part), repository, { recursive: true });
  }
  await git(repository, ['init', '--quiet', '--initial-branch=main']);
  await git(repository, ['add', '--all']);
  // In its own configuration, so that a merge there needs none of the person's, nor a night their key.
  await git(repository, ['config', 'user.name', 'Pantheon example']);
  await git(repository, ['config', 'user.email', 'example@localhost']);
  await git(repository, ['config', 'commit.gpgSign', 'false']);
  const dates = { GIT_AUTHOR_DATE: startedAt, GIT_COMMITTER_DATE: startedAt };
  await git(repository, ['commit', '--quiet', '--message', 'Begin the example vault'], {
    env: dates,
  });
  return {
    repository,
    specs: join(installationFolder, 'examples', 'specs'),
    state: stateAt(folder),
  };
};

const exampleFolder = async (startedAt: string): Promise<string> => {
  const prefix = `example-${startedAt.slice(0, 10)}-`;
  const traces = join(installationFolder, 'traces');
  try {
    // A package has no such folder: what lies below node_modules may not be TypeScript.
    await access(traces, constants.W_OK);
    return await mkdtemp(join(traces, prefix));
  } catch {
    return mkdtemp(join(tmpdir(), `pantheon-${prefix}`));
  }
};
