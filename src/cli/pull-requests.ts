// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../data/printable.ts';
import { UserError } from '../data/user-error.ts';
import { commitText } from '../forge/commit-text.ts';
import { appendDecision, readDecisions } from '../forge/decisions.ts';
import type { ListedPullRequest, PullRequest, PullRequestState } from '../forge/forge.ts';
import { gitSucceeds } from '../forge/git-succeeds.ts';
import { pullRequestFolder } from '../forge/local-forge.ts';
import { signsByItself } from '../night/decide/commit-settings.ts';
import { committedConfig, hasIssues, openForge } from '../night/open/open-forge.ts';
import { GitFault, git } from '../workspace/git.ts';
import { locate } from './shared/state.ts';

type ListArguments = { readonly repo: string; readonly all?: true; readonly json?: true };

const open = async (repo: string) => {
  const { repository, state } = await locate(repo);
  const say = (line: string): void => console.error(printable(line));
  const forge = await openForge({
    repository,
    state,
    config: await committedConfig(repository),
    say,
    otherwise: 'local',
  });
  return { repository, state, listed: await forge.list(), elsewhere: hasIssues(forge) };
};

/** `pantheon prs` */
export const listPullRequests = async (args: ListArguments): Promise<void> => {
  const { state, listed, elsewhere } = await open(args.repo);
  const shown = listed.filter(({ state: now }) => args.all || now === 'open' || now === 'accepted');
  if (args.json) {
    const rows = shown.map(({ pullRequest: { body: _, ...rest }, ...more }) => ({
      ...rest,
      ...more,
    }));
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const lines = shown.flatMap(({ pullRequest, state: now, conflicts = [], url }) => [
    `${pullRequest.branch}  ${now}  ${printable(pullRequest.title)}`,
    ...(conflicts.length > 0 ? [`  conflicts in ${printable(conflicts.join(', '))}`] : []),
    elsewhere
      ? `  ${url ?? 'waits to be sent; run "pantheon sync"'}`
      : `  ${pullRequestFolder(state.pullRequests, pullRequest.branch)}/pr.md`,
    ...(now === 'accepted' ? [`  to merge: git merge ${pullRequest.branch}`] : []),
  ]);
  const none = args.all ? 'There are no pull requests.' : 'There are no open pull requests.';
  process.stdout.write(`${(lines.length > 0 ? lines : [none]).join('\n')}\n`);
};

type DecideArguments = { readonly repo: string; readonly why?: string; readonly merge?: true };

/**
 * `pantheon accept` and `pantheon reject`: records what a person decided; only --merge changes the
 * checkout. What lies on a forge elsewhere is decided there.
 */
export const decidePullRequest = async (
  decision: 'accept' | 'reject',
  name: string,
  args: DecideArguments,
): Promise<void> => {
  const { repository, state, listed, elsewhere } = await open(args.repo);
  const { pullRequest, state: now, url, conflicts = [] } = find(listed, name);
  const { branch, commit } = pullRequest;
  if (elsewhere) {
    throw new UserError(
      url === undefined
        ? `${branch} waits to be sent; run "pantheon sync" and decide on GitHub`
        : `${branch} is on GitHub: merge or close it at ${url}; "pantheon sync" learns which`,
    );
  }
  const decided = (await readDecisions(state.decisions)).some(
    (made) => made.branch === branch && made.commit === commit,
  );
  if (!mayDecide(decision, now, decided, args)) throw new UserError(`${branch} is ${now} already`);
  if (args.merge && now !== 'merged') await merge(repository.root, pullRequest, conflicts);
  if (now === 'open' || decision === 'reject' || !decided) {
    await appendDecision(state.decisions, pullRequest, { decision, why: args.why });
  }
  process.stdout.write(`${branch}: ${decision}ed${sequel(decision, now, branch, args)}\n`);
};

/** A yes to what is merged by hand can still be recorded; a no is too late only once it is merged. */
const mayDecide = (
  decision: 'accept' | 'reject',
  now: PullRequestState,
  decided: boolean,
  { merge }: DecideArguments,
): boolean => {
  if (now === 'open') return true;
  if (now === 'accepted') return decision === 'reject' || merge === true;
  return now === 'merged' && decision === 'accept' && !decided;
};

const sequel = (
  decision: 'accept' | 'reject',
  now: PullRequestState,
  branch: string,
  { merge }: DecideArguments,
): string => {
  if (decision === 'reject') return '.';
  if (merge) return ' and merged.';
  return now === 'merged' ? '; it is merged.' : `. Merge it with: git merge ${branch}`;
};

const find = (listed: readonly ListedPullRequest[], name: string): ListedPullRequest => {
  const matching = listed.filter(
    ({ pullRequest }) => pullRequest.branch === name || pullRequest.spec === name,
  );
  const [only] = matching.filter(({ state }) => state === 'open' || state === 'accepted').slice(-1);
  const latest = only ?? matching.at(-1);
  if (latest) return latest;
  const branches = listed.map(({ pullRequest }) => pullRequest.branch).join(', ') || 'none';
  throw new UserError(`there is no pull request "${name}"; there are ${branches}`);
};

/** Merges as git does by itself; a merge that fails leaves the checkout as it was. */
const merge = async (
  repository: string,
  { branch, commit, title }: PullRequest,
  conflicts: readonly string[],
): Promise<void> => {
  await checkBranch(repository, branch, commit);
  if (await isMerging(repository)) {
    throw new UserError('a merge is under way in the checkout; finish it first');
  }
  const refused = (why: string, cause?: unknown): UserError =>
    new UserError(
      `${branch} could not be merged, nothing was recorded: ${why}; merge it by hand and accept without --merge`,
      { cause },
    );
  if (conflicts.length > 0) throw refused(`it conflicts in ${conflicts.join(', ')}`);
  const message = `Merge ${branch}: ${commitText(title)}`;
  try {
    const sign = (await signsByItself(repository)) ? ['--gpg-sign'] : [];
    await git(repository, ['merge', '--no-ff', ...sign, '--message', message, commit]);
  } catch (cause) {
    if (!(cause instanceof GitFault)) throw cause;
    if (await isMerging(repository)) await git(repository, ['merge', '--abort']);
    const why = /Please tell me who you are/.test(cause.stderr)
      ? 'git does not know who merges; set git config user.name and user.email'
      : cause.stderr.trim().replace(/\s+/g, ' ') || 'git stopped it';
    throw refused(why, cause);
  }
};

/** What is merged is the commit that was reviewed, never what somebody put on the branch later. */
const checkBranch = async (repository: string, branch: string, commit: string): Promise<void> => {
  const { stdout } = await git(repository, [
    'for-each-ref',
    '--format=%(objectname)',
    `refs/heads/${branch}`,
  ]);
  const tip = stdout.toString('utf8').trim();
  if (tip === '' || tip === commit) return;
  throw new UserError(
    `${branch} holds ${tip.slice(0, 12)}, and the reviewers approved ${commit.slice(0, 12)}; look at what was added, then merge it by hand or reset the branch`,
  );
};

const isMerging = (repository: string): Promise<boolean> =>
  gitSucceeds(() => git(repository, ['rev-parse', '--quiet', '--verify', 'MERGE_HEAD']));
