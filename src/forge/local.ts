// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../data/user-error.ts';
import { createBranch, fetchBundle } from '../workspace/commit.ts';
import { git } from '../workspace/git.ts';
import { type Decision, readDecisions } from './decisions.ts';
import {
  type Forge,
  type Listed,
  type PullRequest,
  type PullRequestState,
  pullRequestSchema,
} from './forge.ts';

export type LocalForgeOptions = {
  /** The user's repository; only new `pantheon/...` branches are ever made in it. */
  readonly repository: string;
  /** Where pull requests are kept, a folder each with `pr.md` and `pull-request.json`. */
  readonly folder: string;
  readonly decisions: string;
};

/** Pull requests as branches of the repository and files in the state folder. */
export const openLocalForge = (options: LocalForgeOptions): Forge => ({
  list: () => list(options),
  open: async (pullRequest, bundle) => {
    await fetchBundle(options.repository, bundle, pullRequest.commit);
    const made = await createBranch(options.repository, pullRequest.branch, pullRequest.commit);
    if (made !== 'created' && made !== 'present') {
      throw new UserError(
        `the branch ${pullRequest.branch} exists and holds another commit; rename or delete it`,
      );
    }
    await record(options.folder, pullRequest);
  },
});

/** The folder of one pull request's files. */
export const pullRequestFolder = (folder: string, branch: string): string =>
  join(folder, branch.replaceAll('/', '__'));

/** Both files are written beside their place and renamed: a pull request is there whole or not. */
const record = async (folder: string, pullRequest: PullRequest): Promise<void> => {
  const place = pullRequestFolder(folder, pullRequest.branch);
  await mkdir(place, { recursive: true });
  await replaceFile(join(place, 'pr.md'), pullRequest.body);
  await replaceFile(join(place, 'pull-request.json'), `${JSON.stringify(pullRequest, null, 2)}\n`);
};

const replaceFile = async (path: string, text: string): Promise<void> => {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
};

const list = async ({
  repository,
  folder,
  decisions,
}: LocalForgeOptions): Promise<readonly Listed[]> => {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return [];
  const [pullRequests, decided, merged, present] = await Promise.all([
    Promise.all(names.sort().map((name) => readRecord(join(folder, name)))),
    readDecisions(decisions),
    branches(repository, ['--merged', 'HEAD']),
    branches(repository, []),
  ]);
  return pullRequests
    .filter((pullRequest) => pullRequest !== undefined)
    .map((pullRequest) => ({
      pullRequest,
      state: stateOf(pullRequest, decided, merged, present),
    }));
};

const readRecord = async (place: string): Promise<PullRequest | undefined> => {
  const file = join(place, 'pull-request.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return pullRequestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError('is not a pull request record; move it away', { place: { file }, cause });
  }
};

/**
 * Merged: its commit is part of the checked-out branch, or a person accepted it. Closed: a person
 * rejected it or deleted the branch.
 */
const stateOf = (
  { branch, commit }: PullRequest,
  decisions: readonly Decision[],
  merged: ReadonlyMap<string, string>,
  present: ReadonlyMap<string, string>,
): PullRequestState => {
  const last = decisions.findLast((decision) => decision.commit === commit);
  if (last) return last.decision === 'accept' ? 'merged' : 'closed';
  if (merged.get(branch) === commit) return 'merged';
  return present.has(branch) ? 'open' : 'closed';
};

const branches = async (
  repository: string,
  filter: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const format = '--format=%(refname:short) %(objectname)';
  const { stdout } = await git(repository, [
    'for-each-ref',
    format,
    ...filter,
    'refs/heads/pantheon/',
  ]);
  const lines = stdout.toString('utf8').split('\n').filter(Boolean);
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
};
