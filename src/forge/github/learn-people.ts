// SPDX-License-Identifier: GPL-3.0-only
import { ignoredAfterDays } from '../resolution.ts';
import { commentSchema, reviewAnswerSchema } from './answers.ts';
import { type GithubContext, githubRoutes } from './github-context.ts';
import type { KnownPull } from './known-pulls.ts';

const ignoredAfterMs = ignoredAfterDays * 86_400_000;

/**
 * Asks what people did with pull requests whose resolution depends on it, where they changed since it was last asked:
 * those that are merged, and those that are open for long. @throws ForgeFault.
 */
export const learnPeople = async (
  context: GithubContext,
  pulls: readonly KnownPull[],
  now: Date,
): Promise<readonly KnownPull[]> => {
  const learnt: KnownPull[] = [];
  for (const pull of pulls) {
    const isOld = now.getTime() - Date.parse(pull.openedAt) > ignoredAfterMs;
    const matters = pull.state === 'merged' || (pull.state === 'open' && isOld);
    const isNew = pull.people?.asOf !== pull.updatedAt;
    learnt.push(matters && isNew ? { ...pull, people: await peopleOf(context, pull) } : pull);
  }
  return learnt;
};

const peopleOf = async (
  { client }: GithubContext,
  { number, updatedAt }: KnownPull,
): Promise<NonNullable<KnownPull['people']>> => {
  const reviews = await client.pages(
    githubRoutes.listReviews,
    { pull_number: number },
    reviewAnswerSchema,
  );
  const asked = { issue_number: number };
  const comments = await client.pages(githubRoutes.listComments, asked, commentSchema);
  const byPeople = reviews.filter(({ user }) => user?.type === 'User');
  const times = [
    ...byPeople.flatMap(({ submitted_at }) => submitted_at ?? []),
    ...comments.flatMap((one) =>
      one.user?.type === 'User' && !one.body.startsWith('<!--') ? one.updated_at : [],
    ),
  ].sort();
  return {
    asOf: updatedAt,
    changesAsked: byPeople.some(({ state }) => state !== 'APPROVED'),
    last: times.at(-1) ?? null,
  };
};
