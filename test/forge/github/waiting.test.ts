// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { addIssue } from '../../simulated-github/state.ts';
import { makeGithub } from './with-github.ts';

const ada = { login: 'ada', type: 'User' } as const;

test('weeks without a network: all waits on disk in order, and is sent in order, once', async (t) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  addIssue(state, { title: 'A chore', body: '', author: ada });
  const offline = {
    environment: {
      GITHUB_API_URL: 'http://127.0.0.1:9',
      PANTHEON_GIT_REMOTE: 'https://127.0.0.1:9/x.git',
    },
  };
  const pull = made.request();
  const forge = made.open(offline);
  t.regex((await forge.open(pull)).waiting ?? '', /cannot be reached/);
  await forge.comment(1, 'red-bin', 'first');
  await forge.label(1, { add: ['ready'], remove: [] });
  await made.open(offline).comment(1, 'red-bin', 'second');
  t.deepEqual(
    (await made.open(offline).list()).map(({ state: now, pullRequest }) => [
      now,
      pullRequest.branch,
    ]),
    [['open', pull.branch]],
  );
  // Meanwhile git throws away what is on no branch.
  made.run(['reflog', 'expire', '--expire=now', '--all']);
  made.run(['gc', '-q', '--prune=now']);
  t.throws(() => made.run(['cat-file', '-e', pull.commit]));
  const { sent, waiting } = await made.open().sync();
  t.deepEqual([sent, waiting], [4, []]);
  t.is(made.pulls()[0]?.pull?.headSha, pull.commit);
  t.deepEqual(
    state.comments.map(({ body }) => body),
    ['<!-- pantheon:comment:red-bin -->\nsecond'],
  );
  const writes = made.github.takeCalls().filter((call) => !call.startsWith('GET '));
  t.deepEqual(
    writes.map((call) => call.split('/').at(-1)),
    ['pulls', 'labels', 'comments', 'labels', '{comment_id}'],
  );
  t.is((await made.open().sync()).sent, 0);
  t.deepEqual(
    made.github.takeCalls().filter((call) => !call.startsWith('GET ')),
    [],
  );
  made.clean();
});

test('without a token everything waits, and nothing is asked', async (t) => {
  const made = await makeGithub(t);
  const forge = made.open({ environment: { GITHUB_TOKEN: '' } });
  t.regex((await forge.open(made.request())).waiting ?? '', /no token/);
  t.is((await forge.list()).length, 1);
  t.deepEqual(made.github.takeCalls(), []);
  t.is((await made.open().sync()).sent, 1);
});

test('a wrong token stops the first night before it is spent, and a later one goes on', async (t) => {
  const made = await makeGithub(t);
  const wrong = { environment: { GITHUB_TOKEN: 'ghs_wrong' } };
  await t.throwsAsync(made.open(wrong).list(), {
    name: 'UserError',
    message: /401.*set PANTHEON_GITHUB_TOKEN/,
  });
  await made.open().open(made.request());
  await made.open().list();
  t.is((await made.open(wrong).list()).length, 1);
  t.regex(made.said.join('\n'), /goes on with the pull requests that were known/);
});

test('a comment that is only to be edited is not written again', async (t) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  addIssue(state, { title: 'A chore', body: '', author: ada });
  const bodies = () => state.comments.map(({ body }) => body.split('\n')[1]);
  await made.open().comment(1, 'red-bin', 'well', 'edit');
  t.deepEqual(bodies(), []);
  await made.open().comment(1, 'red-bin', 'red');
  await made.open().comment(1, 'red-bin', 'well', 'edit');
  t.deepEqual(bodies(), ['well']);
});

test('an issue that is gone keeps nothing else waiting', async (t) => {
  const made = await makeGithub(t);
  await t.throwsAsync(made.open().comment(99, 'red-bin', 'x'), {
    message: /the issue does not exist/,
  });
  await made.open().open(made.request());
  t.is(made.pulls().length, 1);
  made.clean();
});

test('the token reaches neither a file, nor an argument, nor what is said', async (t) => {
  const made = await makeGithub(t);
  await made.open().open(made.request());
  await made.open({ environment: { GITHUB_TOKEN: 'ghs_wrong' } }).sync();
  const files = readdirSync(made.home, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const entry of files) {
    const text = readFileSync(join(entry.parentPath, entry.name), 'latin1');
    t.false(/ghs_/.test(text), entry.name);
  }
  t.false(made.said.some((line) => line.includes('ghs_')));
});
