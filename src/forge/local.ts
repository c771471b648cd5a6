// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../data/user-error.ts';
import { createBranch } from '../workspace/commit.ts';
import { GitFault, git } from '../workspace/git.ts';
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
  open: async (pullRequest) => {
    const known = await readRecord(pullRequestFolder(options.folder, pullRequest.branch));
    // Recorded last, so it was open once; what became of its branch since is a person's doing.
    if (known?.commit === pullRequest.commit) return;
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
  const [records, decided, present] = await Promise.all([
    Promise.all(names.map((name) => readRecord(join(folder, name)))),
    readDecisions(decisions),
    branches(repository),
  ]);
  const pullRequests = records.filter((pullRequest) => pullRequest !== undefined).sort(byAge);
  const listed: Listed[] = [];
  for (const pullRequest of pullRequests) {
    const state =
      decidedState(pullRequest, decided) ??
      ((await isMerged(repository, pullRequest)) ? 'merged' : undefined) ??
      (present.has(pullRequest.branch) ? 'open' : 'closed');
    listed.push({ pullRequest, state });
  }
  return listed;
};

/** Oldest night first; a spec's branches of one night by their number (`-r2` before `-r10`). */
const byAge = (a: PullRequest, b: PullRequest): number =>
  compareNumbered(a.night, b.night) || compareNumbered(a.branch, b.branch);

const { compare: compareNumbered } = new Intl.Collator('en', { numeric: true });

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

/** What a person said last: accepted counts as merged, rejected as closed. */
const decidedState = (
  { branch, commit }: PullRequest,
  decisions: readonly Decision[],
): PullRequestState | undefined => {
  const last = decisions.findLast((made) => made.branch === branch && made.commit === commit);
  return last && (last.decision === 'accept' ? 'merged' : 'closed');
};

/**
 * Whether its commit is part of what is checked out, also where the branch is gone or went on; a
 * commit that git has thrown away is not.
 */
const isMerged = async (repository: string, { commit }: PullRequest): Promise<boolean> => {
  try {
    await git(repository, ['merge-base', '--is-ancestor', commit, 'HEAD']);
    return true;
  } catch (fault) {
    if (fault instanceof GitFault && fault.code !== undefined) return false;
    throw fault;
  }
};

const branches = async (repository: string): Promise<ReadonlySet<string>> => {
  const format = '--format=%(refname:short)';
  const { stdout } = await git(repository, ['for-each-ref', format, 'refs/heads/pantheon/']);
  return new Set(stdout.toString('utf8').split('\n').filter(Boolean));
};
