// SPDX-License-Identifier: GPL-3.0-only
import type { PullRequest } from '../forge.ts';
import { type GithubPull, pullSchema } from './answers.ts';
import { type GithubContext, githubRoutes } from './github-context.ts';
import type { KnownPull, KnownPulls } from './known-pulls.ts';
import { readRecord } from './marker.ts';
import { isOfBranch } from './send-pull-request.ts';

/** Clocks and replicas of the forge may differ by this much. */
const slackMs = 3_600_000;

/**
 * What the forge says now of its pull requests: asks for those that changed since it was last asked.
 * `recorded` knows what this machine opened, for a text whose record somebody took out.
 * @throws ForgeFault.
 */
export const learnPulls = async (
  { client, github, say }: GithubContext,
  earlier: KnownPulls,
  recorded: (branch: string) => Promise<PullRequest | undefined>,
): Promise<KnownPulls> => {
  const asked = { state: 'all', sort: 'updated', direction: 'desc' };
  const since = earlier.seen === null ? undefined : Date.parse(earlier.seen) - slackMs;
  const pulls = await client.pages(githubRoutes.listPulls, asked, pullSchema, (page) => {
    const last = page.at(-1);
    return since !== undefined && last !== undefined && Date.parse(last.updated_at) < since;
  });
  const byNumber = new Map(earlier.pulls.map((pull) => [pull.number, pull]));
  for (const pull of pulls) {
    const { ref } = pull.head;
    if (!ref.startsWith('pantheon/') || !isOfBranch(pull, github, ref)) continue;
    const before = byNumber.get(pull.number);
    const pullRequest = recordOf(pull) ?? before?.pullRequest ?? (await recorded(ref));
    if (!pullRequest) {
      say(`The text of #${pull.number} (${ref}) no longer contains the record of its spec.`);
      continue;
    }
    const now = knownPull(pull, pullRequest);
    const { closedBy, endedAt, people } = before ?? {};
    const same = closedBy !== undefined && endedAt === now.endedAt;
    byNumber.set(pull.number, { ...now, ...(same && { closedBy }), ...(people && { people }) });
  }
  const newest = pulls.map(({ updated_at }) => updated_at).sort();
  const seen = [earlier.seen, newest.at(-1) ?? null].filter((time) => time !== null).sort();
  return {
    ...earlier,
    seen: seen.at(-1) ?? null,
    pulls: [...byNumber.values()].sort((a, b) => a.number - b.number),
  };
};

const recordOf = ({ body, head }: GithubPull): PullRequest | undefined => {
  const record = readRecord(body ?? '');
  return record?.branch === head.ref ? record : undefined;
};

const knownPull = (pull: GithubPull, pullRequest: PullRequest): KnownPull => ({
  number: pull.number,
  url: pull.html_url,
  state: pull.merged_at !== null ? 'merged' : pull.state,
  endedAt: pull.merged_at ?? pull.closed_at,
  openedAt: pull.created_at,
  updatedAt: pull.updated_at,
  tip: pull.head.sha,
  mergedAs: pull.merged_at === null ? null : pull.merge_commit_sha,
  // The text is on the forge, and nobody asks this machine for it.
  pullRequest: { ...pullRequest, body: '' },
});
