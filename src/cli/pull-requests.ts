// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../data/printable.ts';
import { UserError } from '../data/user-error.ts';
import { appendDecision } from '../forge/decisions.ts';
import type { Listed } from '../forge/forge.ts';
import { openLocalForge, pullRequestFolder } from '../forge/local.ts';
import { GitFault, git } from '../workspace/git.ts';
import { locate } from './state.ts';

type ListArguments = { readonly repo: string; readonly all?: true; readonly json?: true };

const open = async (repo: string) => {
  const { repository, state } = await locate(repo);
  const { pullRequests: folder, decisions } = state;
  const forge = openLocalForge({ repository: repository.root, folder, decisions });
  return { repository, state, listed: await forge.list() };
};

/** `pantheon prs` */
export const listCommand = async (args: ListArguments): Promise<void> => {
  const { state, listed } = await open(args.repo);
  const shown = listed.filter((pull) => args.all || pull.state === 'open');
  if (args.json) {
    const rows = shown.map(({ pullRequest: { body: _, ...rest }, state }) => ({ ...rest, state }));
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const lines = shown.flatMap(({ pullRequest, state: now }) => [
    `${pullRequest.branch}  ${now}  ${printable(pullRequest.title)}`,
    `  ${pullRequestFolder(state.pullRequests, pullRequest.branch)}/pr.md`,
  ]);
  const none = args.all ? 'There are no pull requests.' : 'There are no open pull requests.';
  process.stdout.write(`${(lines.length > 0 ? lines : [none]).join('\n')}\n`);
};

type DecideArguments = { readonly repo: string; readonly why?: string; readonly merge?: true };

/** `pantheon accept` and `pantheon reject`: records what a person decided; only --merge changes the checkout. */
export const decideCommand = async (
  decision: 'accept' | 'reject',
  name: string,
  args: DecideArguments,
): Promise<void> => {
  const { repository, state, listed } = await open(args.repo);
  const { pullRequest, state: now } = find(listed, name);
  const { branch, spec, specDigest, night, commit, digest } = pullRequest;
  if (now !== 'open' && !(decision === 'accept' && now === 'merged' && args.merge)) {
    throw new UserError(`${branch} is ${now} already`);
  }
  if (args.merge) await merge(repository.root, branch, printable(pullRequest.title));
  await appendDecision(state.decisions, {
    at: new Date().toISOString(),
    branch,
    spec,
    specDigest,
    night,
    commit,
    digest,
    decision,
    ...(args.why !== undefined && { why: args.why }),
  });
  const how = args.merge || decision === 'reject' ? '' : ` Merge it with: git merge ${branch}`;
  process.stdout.write(`${branch}: ${decision}ed${args.merge ? ' and merged' : ''}.${how}\n`);
};

const find = (listed: readonly Listed[], name: string): Listed => {
  const matching = listed.filter(
    ({ pullRequest }) => pullRequest.branch === name || pullRequest.spec === name,
  );
  const [only] = matching.filter(({ state }) => state === 'open').slice(-1);
  const found = only ?? matching.at(-1);
  if (found) return found;
  const branches = listed.map(({ pullRequest }) => pullRequest.branch).join(', ') || 'none';
  throw new UserError(`there is no pull request "${name}"; there are ${branches}`);
};

const merge = async (repository: string, branch: string, title: string): Promise<void> => {
  try {
    await git(repository, ['merge', '--no-ff', '--message', `Merge ${branch}: ${title}`, branch]);
  } catch (cause) {
    if (!(cause instanceof GitFault)) throw cause;
    throw new UserError(
      `${branch} could not be merged, nothing was recorded: ${cause.stderr.trim().split('\n')[0] ?? ''}; merge it by hand and accept without --merge`,
      { cause },
    );
  }
};
