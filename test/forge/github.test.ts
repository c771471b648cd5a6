// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { makeGithub } from './with-github.ts';

test('opening pushes the branch, opens one pull request and asks nothing on a second try', async (t) => {
  const { github, open, request, pulls, clean, tip } = await makeGithub(t);
  const pull = request();
  const forge = open();
  t.deepEqual(await forge.open(pull), {});
  t.is(pulls().length, 1);
  t.is(tip(pull.branch), pull.commit);
  t.is(pulls()[0]?.pull?.headSha, pull.commit);
  t.deepEqual(pulls()[0]?.labels, ['pantheon']);
  const calls = github.takeCalls();
  t.true(calls.length <= 6, `${calls.length} calls`);
  await forge.open(pull);
  await open().open(pull);
  t.deepEqual(github.takeCalls(), []);
  t.is(pulls().length, 1);
  clean();
});

test('listing gives back what was opened, from the forge alone', async (t) => {
  const { open, request, clean } = await makeGithub(t);
  const pull = request({ units: { approved: ['a'], red: ['b'] } });
  await open().open(pull);
  const [listed] = await open().list();
  t.is(listed?.state, 'open');
  t.deepEqual({ ...listed?.pullRequest, body: pull.body }, pull);
  clean();
});
