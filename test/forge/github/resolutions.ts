// SPDX-License-Identifier: GPL-3.0-only
import { rmSync } from 'node:fs';
import test from 'ava';
import { branchOf } from '../../../src/forge/forge.ts';
import { ignoredAfterDays } from '../../../src/forge/resolution.ts';
import { addComment, addReview, type Issue, tick } from '../../simulated-github/state.ts';
import { writeFiles } from '../../workspace/with-repository.ts';
import { makeGithub } from './with-github.ts';

const ada = { login: 'ada', type: 'User' } as const;
const robot = { login: 'helper[bot]', type: 'Bot' } as const;
const morning = new Date('2026-11-22T06:00:00Z');
const later = new Date(morning.getTime() + (ignoredAfterDays + 1) * 86_400_000);

type Made = Awaited<ReturnType<typeof makeGithub>>;

const opened = async (made: Made): Promise<Issue & Required<Pick<Issue, 'pull'>>> => {
  await made.open().open(made.request());
  const [issue] = made.pulls();
  if (!issue?.pull) throw new Error('there is no pull request');
  return issue as Issue & Required<Pick<Issue, 'pull'>>;
};

const resolutions = async (made: Made, now = morning): Promise<readonly string[]> =>
  (await made.open().resolutions(now)).map(({ resolution }) => resolution);

const merge = (
  made: Made,
  issue: Awaited<ReturnType<typeof opened>>,
  more: string = 'no',
): void => {
  const { run, repository, github } = made;
  run(['merge', '-q', '--no-ff', '--no-commit', issue.pull.headSha]);
  if (more !== 'no') writeFiles(repository, { 'a.txt': more });
  run(['commit', '-qam', 'Merge']);
  const now = tick(github.state);
  Object.assign(issue, { state: 'closed', closedAt: now, updatedAt: now });
  Object.assign(issue.pull, { mergedAt: now, mergedAs: run(['rev-parse', 'HEAD']).trim() });
};

test('a merge nobody had to touch is seen once its reviews were read', async (t) => {
  const made = await makeGithub(t);
  const issue = await opened(made);
  t.deepEqual(await resolutions(made), ['pending']);
  addReview(made.github.state, issue, ada, 'APPROVED');
  addReview(made.github.state, issue, robot, 'COMMENTED');
  merge(made, issue);
  t.deepEqual(await resolutions(made), ['zero-touch']);
  made.github.takeCalls();
  t.deepEqual(await resolutions(made), ['zero-touch']);
  t.deepEqual(made.github.takeCalls(), ['GET /repos/{owner}/{repo}/pulls'], 'it is asked once');
  made.clean();
});

const touched: Readonly<
  Record<string, (made: Made, issue: Awaited<ReturnType<typeof opened>>) => void>
> = {
  'a person asked for changes': (made, issue) => {
    addReview(made.github.state, issue, ada, 'CHANGES_REQUESTED');
    merge(made, issue);
  },
  'a person pushed to its branch': (made, issue) => {
    merge(made, issue);
    issue.pull.headSha = 'f'.repeat(40);
  },
  'it was merged otherwise': (made, issue) => merge(made, issue, 'by hand\n'),
  'the merge is not in this clone': (made, issue) => {
    merge(made, issue);
    issue.pull.mergedAs = 'f'.repeat(40);
  },
};

for (const [what, touch] of Object.entries(touched)) {
  test(`only accepted where ${what}`, async (t) => {
    const made = await makeGithub(t);
    touch(made, await opened(made));
    t.deepEqual(await resolutions(made), ['accepted']);
    made.clean();
  });
}

test('open for long is ignored, unless a person was there', async (t) => {
  const made = await makeGithub(t);
  const issue = await opened(made);
  addComment(made.github.state, issue, robot, 'Coverage: 80 %');
  t.deepEqual(await resolutions(made, later), ['ignored']);
  const { body } = addComment(made.github.state, issue, ada, 'I look at it tomorrow.');
  const [comment] = made.github.state.comments.filter((one) => one.body === body);
  const now = later.toISOString().replace('.000Z', 'Z');
  if (comment) comment.updatedAt = now;
  issue.updatedAt = now;
  t.deepEqual(await resolutions(made, later), ['pending']);
  made.clean();
});

test('closed by a bot is ignored, and by a person rejected', async (t) => {
  const made = await makeGithub(t);
  const issue = await opened(made);
  const close = (closedBy: typeof ada | typeof robot) => {
    const now = tick(made.github.state);
    Object.assign(issue, { state: 'closed', closedAt: now, updatedAt: now, closedBy });
  };
  close(robot);
  t.deepEqual(await resolutions(made), ['ignored']);
  close(ada);
  t.deepEqual(await resolutions(made), ['rejected']);
});

test('what cannot be read is unknown', async (t) => {
  const made = await makeGithub(t);
  await opened(made);
  await made.open().list();
  const without = made.open({ environment: { GITHUB_TOKEN: '' } });
  t.deepEqual(
    (await without.resolutions(morning)).map(({ resolution }) => resolution),
    ['unknown'],
  );
  made.github.state.issues = [];
  rmSync(`${made.places.folder}/known-pulls.json`);
  t.deepEqual(await resolutions(made), ['unknown'], 'opened from here, and gone there');
  const waiting = made.request({ spec: 'other', branch: branchOf('other', 'd'.repeat(64)) });
  await without.open(waiting);
  t.deepEqual(await resolutions(made), ['unknown', 'pending'], 'still on its way');
});
