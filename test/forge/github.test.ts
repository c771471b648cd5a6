// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readDecisions } from '../../src/forge/decisions.ts';
import { branchOf } from '../../src/forge/forge.ts';
import { addComment, addIssue, tick } from '../simulated-github/state.ts';
import { plainGit } from '../workspace/with-repository.ts';
import { makeGithub } from './with-github.ts';

const ada = { login: 'ada', type: 'User' } as const;
const mallory = { login: 'mallory', type: 'User' } as const;

test('opening pushes the branch, opens one pull request and asks nothing on a second try', async (t) => {
  const { github, open, request, pulls, clean, tip } = await makeGithub(t);
  const pull = request();
  const forge = open();
  t.deepEqual(await forge.open(pull), { url: 'https://github.test/octo/vault/pull/1' });
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

test('on a machine that knows nothing of it, nothing is opened twice', async (t) => {
  const made = await makeGithub(t);
  const elsewhere = await makeGithub(t);
  const pull = made.request();
  await made.open().open(pull);
  made.github.takeCalls();
  await made.open({ places: elsewhere.places }).open(pull);
  t.is(made.pulls().length, 1);
  t.deepEqual(made.github.takeCalls(), ['GET /repos/{owner}/{repo}/pulls']);
});

test('listing gives back what was opened, from the forge alone', async (t) => {
  const { open, request, clean } = await makeGithub(t);
  const elsewhere = await makeGithub(t);
  const pull = request({ units: { approved: ['a'], red: ['b'] } });
  await open().open(pull);
  const [listed] = await open({ places: elsewhere.places }).list();
  t.is(listed?.state, 'open');
  t.deepEqual({ ...listed?.pullRequest, body: pull.body }, pull);
  clean();
});

test('settings: draft, labels and assignees, within six requests', async (t) => {
  const made = await makeGithub(t, { draft: true, labels: ['a', 'b'], assignees: ['ada'] });
  made.github.state.roles.ada = 'write';
  await made.open({ into: null }).open(made.request());
  const [pull] = made.pulls();
  t.true(pull?.pull?.draft);
  t.deepEqual([pull?.labels, pull?.assignees], [['a', 'b'], ['ada']]);
  t.true(made.github.takeCalls().length <= 6);
  made.clean();
});

test('the text says what it closes, that the base has moved, and what the token means', async (t) => {
  const made = await makeGithub(t);
  const pull = made.request({ issue: 7, supersedes: ['pantheon/tidy-11111111'] });
  const other = made.commit('other\n');
  made.run(['push', '-q', made.remote, `${other}:main`]);
  await made.open().open(pull);
  const text = made.pulls()[0]?.body ?? '';
  t.regex(text, /^Closes #7\.$/m);
  t.true(
    text.includes(
      'Close the [older pull request of `pantheon/tidy-11111111`](https://github.test/octo/vault/pulls?q=is%3Apr+head%3Apantheon%2Ftidy-11111111).',
    ),
  );
  t.regex(
    text,
    new RegExp(
      `built and tested on \`${made.head.slice(0, 12)}\`; \`main\` is at \`${other.slice(0, 12)}\``,
    ),
  );
  t.regex(text, /Opened with `GITHUB_TOKEN`: its checks start when/);
  made.clean();
});

test('a merge closes no issue of which units were left red', async (t) => {
  const made = await makeGithub(t);
  await made.open().open(made.request({ issue: 7, units: { approved: ['a'], red: ['b'] } }));
  const text = made.pulls()[0]?.body ?? '';
  t.regex(text, /^Part of #7, which stays open: /m);
  // github.com, "Linking a pull request to an issue": the words that close one.
  t.notRegex(text, /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? #7/i);
  made.clean();
});

test('a text too long for GitHub is cut, and says so', async (t) => {
  const made = await makeGithub(t);
  const lines = Array.from({ length: 3000 }, (_, index) => `- ${index} ${'ü'.repeat(60)}`);
  const body = [
    '# Tidy',
    '',
    '```',
    ...lines,
    '```',
    '',
    '## Take it or refuse it',
    '',
    'local',
  ].join('\n');
  const approved = Array.from({ length: 4000 }, (_, index) => `unit-${index}`);
  const pull = made.request({ body, units: { approved, red: ['x'] } });
  await made.open().open(pull);
  const text = made.pulls()[0]?.body ?? '';
  t.true(text.length <= 65_536);
  t.regex(text, /\*\*Cut here: \d+ more lines\.\*\*/);
  t.is(text.split('\n').filter((line) => line === '```').length, 2);
  t.false(text.includes('\nlocal'));
  t.deepEqual(
    (await made.open({ places: (await makeGithub(t)).places }).list())[0]?.pullRequest.units.red,
    ['x'],
  );
  made.clean();
});

test('a branch that holds something else: refused, and kept aside', async (t) => {
  const made = await makeGithub(t);
  const pull = made.request();
  made.run(['push', '-q', made.remote, `${made.head}:refs/heads/${pull.branch}`]);
  await t.throwsAsync(made.open().open(pull), {
    name: 'UserError',
    message: /holds another commit/,
  });
  t.is(made.pulls().length, 0);
  t.is(made.tip(pull.branch), made.head);
  const aside = readdirSync(join(made.places.folder, 'outbox', 'refused'));
  t.is(aside.filter((name) => name.endsWith('.json')).length, 1);
  t.deepEqual((await made.open().sync()).waiting, []);
});

test('a base that only this machine has is not published along', async (t) => {
  const made = await makeGithub(t);
  const run = plainGit(made.repository);
  const base = made.commit('mine alone\n');
  run(['switch', '-q', '-C', 'main', base]);
  const pull = made.request({ base, commit: made.commit('on it\n') });
  t.regex(
    (await made.open().open(pull)).waiting ?? '',
    /is not part of main on the remote; push that first/,
  );
  await made
    .open()
    .comment(1, 'x', 'y')
    .catch(() => undefined);
  t.is(made.pulls().length, 0);
  run(['push', '-q', made.remote, 'main:main']);
  t.is((await made.open().sync()).sent, 1);
  t.is(made.pulls()[0]?.pull?.headSha, pull.commit);
});

test('a pull request that was closed is not opened again', async (t) => {
  const made = await makeGithub(t);
  const pull = made.request();
  await made.open().open(pull);
  const [opened] = made.pulls();
  if (opened) opened.state = 'closed';
  await made.open({ places: (await makeGithub(t)).places }).open(pull);
  t.is(made.pulls().length, 1);
  t.is(opened?.state, 'closed');
});

test('what people did flows back once, with the reason they wrote', async (t) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  state.roles.ada = 'write';
  const merged = made.request();
  const closed = made.request({ spec: 'other', branch: branchOf('other', 'd'.repeat(64)) });
  await made.open().open(merged);
  await made.open().open(closed);
  t.is((await made.open().sync()).decisions, 0);
  const [first, second] = made.pulls();
  if (!first?.pull || !second) return t.fail();
  const now = tick(state);
  Object.assign(first, { state: 'closed', closedAt: now, updatedAt: now });
  first.pull.mergedAt = now;
  addComment(state, second, ada, 'The header is wrong.');
  addComment(state, second, mallory, 'I disagree!');
  Object.assign(second, { state: 'closed', closedAt: tick(state), updatedAt: tick(state) });
  const { decisions } = await made.open().sync();
  t.is(decisions, 2);
  t.is((await made.open().sync()).decisions, 0);
  const read = await readDecisions(made.places.decisions);
  t.deepEqual(
    read.map(({ spec, decision, why }) => [spec, decision, why]),
    [
      ['tidy', 'accept', undefined],
      ['other', 'reject', 'The header is wrong.'],
    ],
  );
  t.deepEqual(
    (await made.open().list()).map(({ state: now }) => now),
    ['merged', 'closed'],
  );
  made.clean();
});

test('a pull request of that name from a fork is nobody’s', async (t) => {
  const made = await makeGithub(t);
  const pull = made.request();
  const elsewhere = await makeGithub(t);
  await elsewhere.open().open(pull);
  const [text] = elsewhere.pulls();
  if (!text?.pull) return t.fail();
  const { state } = made.github;
  addIssue(state, {
    title: 'Tidy',
    body: text.body,
    author: mallory,
    pull: {
      ...text.pull,
      headRepository: 'mallory/vault',
      headSha: pull.commit,
    },
  });
  t.deepEqual(await made.open().list(), []);
  await made.open().open(pull);
  t.is(made.pulls().length, 2);
});

test('a listing asks only for what changed since', async (t) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  for (let number = 0; number < 250; number += 1) {
    addIssue(state, {
      title: `Other ${number}`,
      body: '',
      author: ada,
      pull: {
        head: `x${number}`,
        headSha: 'a',
        headRepository: 'octo/vault',
        base: 'main',
        baseSha: 'b',
        draft: false,
        mergedAt: null,
      },
    });
  }
  await made.open().open(made.request());
  made.github.takeCalls();
  t.is((await made.open().list()).length, 1);
  t.is(made.github.takeCalls().length, 3);
  state.clock += 100_000;
  const [own] = made.pulls().filter(({ pull }) => pull?.head.startsWith('pantheon/'));
  if (own) own.updatedAt = tick(state);
  t.is((await made.open().list()).length, 1);
  t.is(made.github.takeCalls().length, 3, 'the last time nothing was newer');
  t.is((await made.open().list()).length, 1);
  t.is(made.github.takeCalls().length, 1);
});

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
  // Meanwhile git throws away what no branch holds.
  made.run(['reflog', 'expire', '--expire=now', '--all']);
  made.run(['gc', '-q', '--prune=now']);
  t.throws(() => made.run(['cat-file', '-e', pull.commit]));
  const { sent, waiting } = await made.open().sync();
  t.deepEqual([sent, waiting], [3, []]);
  t.is(made.pulls()[0]?.pull?.headSha, pull.commit);
  t.deepEqual(
    state.comments.map(({ body }) => body),
    ['<!-- pantheon:comment:red-bin -->\nsecond'],
  );
  const writes = made.github.takeCalls().filter((call) => !call.startsWith('GET '));
  t.deepEqual(
    writes.map((call) => call.split('/').at(-1)),
    ['pulls', 'labels', 'comments', 'labels'],
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
  t.regex(made.said.join('\n'), /going on with what was known/);
});

test('a comment that is only to be edited is not written anew', async (t) => {
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
  await t.throwsAsync(made.open().comment(99, 'red-bin', 'x'), { message: /no such issue/ });
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
