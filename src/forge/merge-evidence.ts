// SPDX-License-Identifier: GPL-3.0-only
import { git } from '../workspace/git.ts';
import type { PullRequest } from './forge.ts';
import { gitSucceeds } from './git-succeeds.ts';

/**
 * The commit by which a pull request came into what is checked out as it was: a merge of its commit, or its commit
 * itself where its branch still ends there. Nothing where somebody may have built on it, or where it was squashed.
 */
export type FindMerge = (pullRequest: Pick<PullRequest, 'branch' | 'commit'>) => string | undefined;

/** Reads the history once, for all pull requests. */
export const readMerges = async (repository: string): Promise<FindMerge> => {
  const lines = async (...args: readonly string[]) =>
    (await git(repository, ['rev-list', ...args, 'HEAD'])).stdout.toString('utf8').split('\n');
  const line = new Set(await lines('--first-parent'));
  const merges = new Map<string, string>();
  for (const each of await lines('--merges', '--parents')) {
    const [merge = '', , ...merged] = each.split(' ');
    for (const commit of merged) if (line.has(merge)) merges.set(commit, merge);
  }
  const format = '--format=%(objectname) %(refname)';
  const { stdout } = await git(repository, ['for-each-ref', format, 'refs/heads/pantheon']);
  const tips = new Set(stdout.toString('utf8').split('\n'));
  return ({ branch, commit }) =>
    line.has(commit) && tips.has(`${commit} refs/heads/${branch}`) ? commit : merges.get(commit);
};

/**
 * Whether the files that a pull request changes are in another commit as it has them; `undefined` where git does not
 * have both.
 */
export const isAsPatched = async (
  repository: string,
  { base, commit }: Pick<PullRequest, 'base' | 'commit'>,
  merged: string,
): Promise<boolean | undefined> => {
  // A record and a forge's answer are what others wrote; git would take a name that begins with "-" for an option.
  if (![base, commit, merged].every((name) => isObjectName.test(name))) return undefined;
  const names = await namesBetween(repository, base, commit);
  if (names === undefined || names.length === 0) return undefined;
  const differing = await namesBetween(repository, commit, merged, names);
  return differing && differing.length === 0;
};

const isObjectName = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

const namesBetween = async (
  repository: string,
  from: string,
  to: string,
  paths: readonly string[] = [],
): Promise<readonly string[] | undefined> => {
  let names: readonly string[] | undefined;
  await gitSucceeds(async () => {
    const args = ['diff-tree', '-r', '--name-only', '-z', from, to, '--', ...paths];
    const { stdout } = await git(repository, args);
    names = stdout.toString('utf8').split('\0').filter(Boolean);
  });
  return names;
};
