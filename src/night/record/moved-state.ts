// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { lockHolder } from '../../trace/lock.ts';
import { GitFault, git } from '../../workspace/git.ts';
import type { Repository } from '../../workspace/repository.ts';
import { type StateFolder, stateAt } from './state-folder.ts';

/** Whose a state folder is: where the repository lay, and a commit that it had. */
const placeSchema = z.object({ gitDir: z.string(), commit: z.string().regex(/^[0-9a-f]{40,64}$/) });

type Kept = z.output<typeof placeSchema> & { readonly root: string };

const nameOf = (root: string): string => join(root, 'repository.json');

/** Where checkouts come and go it does not matter where one lies. */
const isKeyedByName = (): boolean => Boolean(process.env.PANTHEON_REPOSITORY);

/** Writes down whose a state folder is. */
export const rememberRepository = async (
  { root }: StateFolder,
  { gitDir, head: commit }: Repository,
): Promise<void> => {
  if (isKeyedByName()) return;
  await mkdir(root, { recursive: true });
  await writeFile(nameOf(root), `${JSON.stringify({ gitDir, commit })}\n`);
};

/**
 * What was kept of a repository that lay elsewhere until it was moved becomes what is kept of it here; a line
 * says so, or how a person does it where more than one is meant. Nothing where there is something here already.
 */
export const followMove = async (
  state: StateFolder,
  repository: Repository,
): Promise<string | undefined> => {
  const { root } = state;
  if (existsSync(root) || isKeyedByName()) return undefined;
  const kept = await keptElsewhere(dirname(root), repository);
  const [one, ...more] = kept;
  if (one === undefined) return undefined;
  if (more.length > 0 || lockHolder(stateAt(one.root).lock) !== undefined) {
    const moves = kept.map((each) => `mv ${each.root} ${root} (of ${dirname(each.gitDir)})`);
    return `Nothing is kept of this repository where it lies now. To go on with what was kept elsewhere: ${moves.join(', or ')}`;
  }
  await rename(one.root, root);
  await rememberRepository(state, repository);
  return `What was kept of ${dirname(one.gitDir)}, which is gone, goes on here: ${root}`;
};

/** State folders whose repository is where it was no longer and had a commit that this one has. */
const keptElsewhere = async (folder: string, { root }: Repository): Promise<readonly Kept[]> => {
  const names = await readdir(folder).catch(() => []);
  const kept = await Promise.all(names.map((name) => readKept(join(folder, name))));
  const gone = kept.filter((one) => one !== undefined).filter(({ gitDir }) => !existsSync(gitDir));
  const fits = await Promise.all(gone.map(({ commit }) => hasCommit(root, commit)));
  return gone.filter((_, index) => fits[index]);
};

const readKept = async (root: string): Promise<Kept | undefined> => {
  const text = await readFile(nameOf(root), 'utf8').catch(() => 'null');
  try {
    return { root, ...placeSchema.parse(JSON.parse(text)) };
  } catch {
    // Of no use here, and no harm either: a night writes it anew.
    return undefined;
  }
};

const hasCommit = async (repository: string, commit: string): Promise<boolean> => {
  try {
    await git(repository, ['cat-file', '-e', `${commit}^{commit}`]);
    return true;
  } catch (fault) {
    if (fault instanceof GitFault && fault.code !== undefined) return false;
    throw fault;
  }
};
