// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import { makeGithub } from '../../forge/github/with-github.ts';
import { formBody } from '../../forge/intake/form-body.ts';
import { addIssue, setLabel } from '../../simulated-github/state.ts';
import { tinyConfig, tinyHouse, tinySpec } from '../support/tiny-house.ts';
import { houseIn, passExams } from '../support/with-night.ts';

const ada = { login: 'ada', type: 'User' } as const;

test.serial('an approved issue that a night cannot work is told so below it', async (t) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  Object.assign(process.env, made.environment);
  state.roles.ada = 'write';
  const house = houseIn(t, { folder: made.repository, run: made.run, head: made.head });
  const push = () => house.run(['push', '-q', made.remote, 'main']);
  const waited = { name: 'specs/a.yaml', text: tinySpec('cup/') };
  house.commit({
    ...tinyHouse,
    'pantheon.yaml': tinyConfig('forge: github\n'),
    'cup/a.txt': 'a\n',
    'box/a.txt': 'a\n',
  });
  push();
  await passExams(made.repository, house.state, ['tiny']);

  const waits = formBody({
    ...{ scope: 'box/', acceptance: 'Every `file` says done', dependsOn: 'a' },
  });
  const issue = addIssue(state, { title: 'Say done', body: waits, author: ada });
  const options = { protected: [], files: [waited] };
  await made.open().takeIn(issue.number, options);
  setLabel(state, issue, 'pantheon:approved', true, ada);
  t.is((await made.open().takeIn(issue.number, options)).state, 'approved');
  const told = () => state.comments.filter(({ body }) => body.includes('did not work this'));

  house.commit({ 'specs/a.yaml': tinySpec('cup/', `dependsOn: [issue-${issue.number}]\n`) });
  push();
  const { summary, mistakes } = await house.night();
  t.deepEqual(summary.specs, []);
  t.is(mistakes.length, 2);
  const [comment] = told();
  t.is(comment?.issue, issue.number);
  t.regex(
    comment?.body ?? '',
    /\n- dependsOn\.0: is part of a cycle: issue-1 -\\> a -\\> issue-1\. None/,
  );
  t.regex(
    comment?.body ?? '',
    /\n\*\*To try\*\*: Change the issue, or what the reason speaks of, and set the label again\. An edit of the issue needs a new approval/,
  );
  await house.night();
  t.is(told().length, 1, 'one comment, kept up to date');

  house.commit({ 'specs/a.yaml': tinySpec('cup/') });
  push();
  const next = await house.night();
  t.is(next.spec('a').outcome, 'pull-request', next.spec('a').reason);
  t.regex(next.spec(`issue-${issue.number}`).reason, /^waits for "a"/);
  made.clean();
});

test.serial('so is one whose approval nobody has written down', async (t) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  Object.assign(process.env, made.environment);
  state.roles.ada = 'write';
  const house = houseIn(t, { folder: made.repository, run: made.run, head: made.head });
  house.commit({ ...tinyHouse, 'pantheon.yaml': tinyConfig('forge: github\n') });
  house.run(['push', '-q', made.remote, 'main']);
  await passExams(made.repository, house.state, ['tiny']);
  const body = formBody({ scope: 'box/', acceptance: 'Every `file` says done' });
  const issue = addIssue(state, { title: 'Say done', body, author: ada });
  setLabel(state, issue, 'pantheon:approved', true, ada);
  const { summary } = await house.night();
  t.regex(summary.notices.join('\n'), /Issue #1 is not worked: the label was set before/);
  t.regex(
    state.comments[0]?.body ?? '',
    /did not work this\*\* \(`intake\.not-approved`\):\n\n- the label was set before/,
  );
  t.is(state.comments.length, 1);
});
