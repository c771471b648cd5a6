// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../../data/printable.ts';
import { ForgeFault } from '../forge-fault.ts';
import type { PullRequestIntent } from '../intent.ts';
import {
  createdPullSchema,
  type GithubPull,
  issueSchema,
  labelListSchema,
  pullSchema,
} from './answers.ts';
import { bringCommit } from './bring-commit.ts';
import { pushBranch, remoteTips } from './git-remote.ts';
import { type GithubContext, githubRoutes } from './github-context.ts';
import { identityMarker, readRecord } from './marker.ts';
import { pullRequestBody } from './pull-request-body.ts';

/**
 * Opens a pull request, or finds the one that an earlier try opened: it asks first. At most four
 * requests. Returns its page.
 * @throws ForgeFault.
 */
export const sendPullRequest = async (
  context: GithubContext,
  intent: PullRequestIntent,
  bundle: string | undefined,
): Promise<string> => {
  const { pullRequest } = intent;
  const existing = await findPull(context, pullRequest);
  const pull = existing ?? (await push(context, intent, bundle));
  // Whatever became of one that is not open any more is a person's doing.
  if (pull.state === 'open') await addLabelsAndAssignees(context, pull);
  return pull.html_url;
};

type Found = Pick<GithubPull, 'number' | 'html_url' | 'state'> & {
  readonly labels: readonly string[];
};

const findPull = async (
  { client, github }: GithubContext,
  pullRequest: PullRequestIntent['pullRequest'],
): Promise<Found | undefined> => {
  const { branch, commit } = pullRequest;
  const asked = { head: `${github.owner}:${branch}`, state: 'all', per_page: 100 };
  const pulls = await client.call(githubRoutes.listPulls, asked, pullSchema.array());
  const ofBranch = pulls.filter((pull) => isOfBranch(pull, github, branch));
  const same = ofBranch.find(
    ({ body, head }) => (readRecord(body ?? '')?.commit ?? head.sha) === commit,
  );
  if (same) return { ...same, labels: same.labels.map(({ name }) => name) };
  const [other] = ofBranch;
  if (!other) return undefined;
  const which = (other.body ?? '').includes(identityMarker(pullRequest)) ? 'this spec' : 'another';
  throw new ForgeFault(
    'refused',
    `the branch ${branch} has the pull request #${other.number} of ${which}, made from another commit`,
  );
};

/** A pull request of this repository's own branch; anyone may open one of that name from a fork. */
export const isOfBranch = (
  { head }: Pick<GithubPull, 'head'>,
  { owner, repo }: GithubContext['github'],
  branch: string,
): boolean =>
  head.ref === branch && head.repo?.full_name.toLowerCase() === `${owner}/${repo}`.toLowerCase();

const push = async (
  context: GithubContext,
  intent: PullRequestIntent,
  bundle: string | undefined,
): Promise<Found> => {
  const { repository, github } = context;
  const { pullRequest } = intent;
  const { branch, commit, base } = pullRequest;
  const { there, tip, into = 'HEAD' } = await remoteTips(repository, github, branch, intent.into);
  if (tip === undefined) {
    throw new ForgeFault(
      'blocked',
      `the branch ${into}, which it is to be merged into, does not exist`,
    );
  }
  if (there !== undefined && there !== commit) {
    throw new ForgeFault(
      'refused',
      `the branch ${branch} already exists with another commit; rename or delete it`,
    );
  }
  if (there === undefined) {
    await bringCommit(context, pullRequest, bundle, { into, tip });
    await pushBranch(repository, github, branch, commit);
  }
  const moved = tip === base ? undefined : tip;
  const body = pullRequestBody({ pullRequest, github, into, moved, run: intent.run });
  const title = printable(pullRequest.title).slice(0, 250).toWellFormed();
  return openPull(context, { title, head: branch, base: into, body });
};

const openPull = async (
  context: GithubContext,
  asked: Readonly<Record<'title' | 'head' | 'base' | 'body', string>>,
): Promise<Found> => {
  const { client, settings, say } = context;
  const open = (draft: boolean) =>
    client.call(githubRoutes.openPull, { ...asked, ...(draft && { draft }) }, createdPullSchema);
  try {
    return { ...(await open(settings.draft)), state: 'open', labels: [] };
  } catch (error) {
    if (!(error instanceof ForgeFault) || error.status !== 422) throw error;
    if (settings.draft && /\bdraft\b/i.test(error.message)) {
      say(`The repository allows no drafts, so ${asked.head} was opened for review.`);
      return { ...(await open(false)), state: 'open', labels: [] };
    }
    // It went through after all, or GitHub has not seen the branch yet: asking again will tell.
    if (/already exists|\bhead\b.*\binvalid\b/i.test(error.message)) {
      throw new ForgeFault('unreachable', error.message, { status: 422, cause: error });
    }
    throw error;
  }
};

/** Labels and assignees, as far as they are missing and GitHub knows them. */
const addLabelsAndAssignees = async (
  { client, settings, say }: GithubContext,
  { number, labels }: Found,
): Promise<void> => {
  const missing = settings.labels.filter((label) => !labels.includes(label));
  const issue_number = number;
  // The pull request is there: what is wrong with a name in pantheon.yaml does not undo it.
  const tryTo = async (asked: Promise<unknown>): Promise<void> => {
    try {
      await asked;
    } catch (error) {
      if (!(error instanceof ForgeFault) || error.kind !== 'refused') throw error;
      say(`#${number} is open, but not as github.pullRequests says: ${error.message}`);
    }
  };
  if (missing.length > 0) {
    await tryTo(
      client.call(githubRoutes.addLabels, { issue_number, labels: missing }, labelListSchema),
    );
  }
  if (settings.assignees.length > 0) {
    const { assignees } = settings;
    await tryTo(client.call(githubRoutes.assign, { issue_number, assignees }, issueSchema));
  }
};
