// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../data/user-error.ts';
import { createBranch } from '../workspace/commit.ts';
import { git } from '../workspace/git.ts';
import { mergeConflicts } from '../workspace/merge-conflicts.ts';
import { type PullRequestDecision, readDecisions } from './decisions.ts';
import {
  type Forge,
  type ListedPullRequest,
  type PullRequest,
  type PullRequestState,
  pullRequestSchema,
  type ResolvedPullRequest,
} from './forge.ts';
import { gitSucceeds } from './git-succeeds.ts';
import { isAsPatched, readMerges } from './merge-evidence.ts';
import { type ResolutionFacts, resolutionOf } from './resolution.ts';

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
  branches: async () => [...(await branches(options.repository))],
  resolutions: (now) => resolutions(options, now),
  renameAdvice: 'Rename it: git branch -m pantheon pantheon-old',
  open: async (pullRequest) => {
    const recorded = await recordedPullRequest(
      pullRequestFolder(options.folder, pullRequest.branch),
    );
    // Recorded last, so it was open once; what became of its branch since is a person's doing.
    if (recorded?.commit === pullRequest.commit) return {};
    const made = await createBranch(options.repository, pullRequest.branch, pullRequest.commit);
    if (made !== 'created' && made !== 'present') {
      throw new UserError(
        `The branch ${pullRequest.branch} already exists with another commit. Rename or delete it.`,
      );
    }
    await recordPullRequest(options.folder, pullRequest);
    return {};
  },
});

/** The folder of one pull request's files. */
export const pullRequestFolder = (folder: string, branch: string): string =>
  join(folder, branch.replaceAll('/', '__'));

/** Both files are written beside their place and renamed: a pull request is there whole or not. */
export const recordPullRequest = (folder: string, pullRequest: PullRequest): void => {
  const place = pullRequestFolder(folder, pullRequest.branch);
  mkdirSync(place, { recursive: true });
  replaceFile(join(place, 'pr.md'), pullRequest.body);
  replaceFile(join(place, 'pull-request.json'), `${JSON.stringify(pullRequest, null, 2)}\n`);
};

const replaceFile = (path: string, text: string): void => {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
};

const list = async ({
  repository,
  folder,
  decisions,
}: LocalForgeOptions): Promise<readonly ListedPullRequest[]> => {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return [];
  const [records, decided, present] = await Promise.all([
    Promise.all(names.map((name) => recordedPullRequest(join(folder, name)))),
    readDecisions(decisions),
    branches(repository),
  ]);
  const pullRequests = records.filter((pullRequest) => pullRequest !== undefined).sort(byAge);
  const { stdout } = await git(repository, ['rev-parse', 'HEAD']);
  const head = stdout.toString('utf8').trim();
  const listed: ListedPullRequest[] = [];
  for (const pullRequest of pullRequests) {
    const state = await stateOf(repository, pullRequest, decided, present);
    const conflicts = await conflictsOf(repository, head, pullRequest, state);
    listed.push({ pullRequest, state, ...(conflicts.length > 0 && { conflicts }) });
  }
  return listed;
};

/** A night's date stands for the time it was opened; people write nothing here but their decisions. */
const resolutions = async (
  options: LocalForgeOptions,
  now: Date,
): Promise<readonly ResolvedPullRequest[]> => {
  const { repository } = options;
  const listed = await list(options);
  const decisions = await readDecisions(options.decisions);
  if (listed.length === 0) return [];
  const mergeOf = await readMerges(repository);
  const resolved: ResolvedPullRequest[] = [];
  for (const { pullRequest, state } of listed) {
    const { branch, commit, night } = pullRequest;
    const made = decisions.filter((one) => one.branch === branch && one.commit === commit);
    const merge = state === 'merged' ? mergeOf(pullRequest) : undefined;
    const date = night.slice(0, 10);
    const facts: ResolutionFacts = {
      state,
      decision: made.at(-1)?.decision,
      ...(!Number.isNaN(Date.parse(date)) && { openedAt: date }),
      lastByPerson: null,
      isNightsAlone: merge !== undefined,
      changesAsked: made.some(({ decision }) => decision === 'reject'),
      isAsPatched:
        merge === undefined ? undefined : await isAsPatched(repository, pullRequest, merge),
    };
    resolved.push({ pullRequest, resolution: resolutionOf(facts, now) });
  }
  return resolved;
};

/** Oldest night first; a spec's branches of one night by their number (`-r2` before `-r10`). */
const byAge = (a: PullRequest, b: PullRequest): number =>
  compareNumbered(a.night, b.night) || compareNumbered(a.branch, b.branch);

const { compare: compareNumbered } = new Intl.Collator('en', { numeric: true });

/** The record in a pull request's folder, if there is one. @throws UserError when it is not one. */
export const recordedPullRequest = async (place: string): Promise<PullRequest | undefined> => {
  const file = join(place, 'pull-request.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return pullRequestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError('the file is not a pull request record. Move it away.', {
      place: { file },
      cause,
    });
  }
};

/** What git knows counts first, then what a person said last, then whether the branch is there. */
const stateOf = async (
  repository: string,
  pullRequest: PullRequest,
  decisions: readonly PullRequestDecision[],
  present: ReadonlySet<string>,
): Promise<PullRequestState> => {
  const { branch, commit } = pullRequest;
  const last = decisions.findLast((made) => made.branch === branch && made.commit === commit);
  if (last?.decision === 'reject') return 'closed';
  if (await isMerged(repository, pullRequest)) return 'merged';
  if (last) return (await isContained(repository, pullRequest)) ? 'merged' : 'accepted';
  return present.has(branch) ? 'open' : 'closed';
};

/**
 * Whether its commit is part of what is checked out, also where the branch is gone or went on; a
 * commit that git has thrown away is not.
 */
const isMerged = (repository: string, { commit }: PullRequest): Promise<boolean> =>
  gitSucceeds(() => git(repository, ['merge-base', '--is-ancestor', commit, 'HEAD']));

/** Only what still waits is merged by somebody; a commit that git has thrown away conflicts with nothing. */
const conflictsOf = async (
  repository: string,
  head: string,
  { base, commit }: PullRequest,
  state: PullRequestState,
): Promise<readonly string[]> => {
  if (base === head || (state !== 'open' && state !== 'accepted')) return [];
  return (await mergeConflicts(repository, head, commit)) ?? [];
};

/** Whether the checked-out branch contains what it changed by another commit: squashed or rebased. */
const isContained = (repository: string, { base, commit }: PullRequest): Promise<boolean> =>
  gitSucceeds(async () => {
    const names = ['diff-tree', '-r', '--name-only', '-z', base, commit];
    const { stdout } = await git(repository, names);
    const paths = stdout.toString('utf8').split('\0').filter(Boolean);
    await git(repository, ['diff-tree', '-r', '--quiet', commit, 'HEAD', '--', ...paths]);
  });

const branches = async (repository: string): Promise<ReadonlySet<string>> => {
  // Whole names: a tag of the same name would make the short one ambiguous.
  const format = '--format=%(refname)';
  const { stdout } = await git(repository, ['for-each-ref', format, 'refs/heads/pantheon']);
  const names = stdout.toString('utf8').split('\n').filter(Boolean);
  return new Set(names.map((name) => name.slice('refs/heads/'.length)));
};
