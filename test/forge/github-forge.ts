// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { UserError } from '../../src/data/user-error.ts';
import { drainOutbox } from '../../src/forge/drain-outbox.ts';
import type { CommentIntent, ForgeIntent } from '../../src/forge/intent.ts';
import { putIntent, readOutbox } from '../../src/forge/outbox.ts';
import { plainGit, temporaryFolder } from '../workspace/with-repository.ts';
import { makeGithub } from './github/with-github.ts';

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
      `built and tested on \`${made.head.slice(0, 12)}\`; \`main\` is now at \`${other.slice(0, 12)}\``,
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

test('a branch with other commits: refused, and kept aside', async (t) => {
  const made = await makeGithub(t);
  const pull = made.request();
  made.run(['push', '-q', made.remote, `${made.head}:refs/heads/${pull.branch}`]);
  await t.throwsAsync(made.open().open(pull), {
    name: 'UserError',
    message: /already exists with another commit/,
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
    /is not part of main on the remote; push it first/,
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

const comment = (body: string): CommentIntent => ({
  kind: 'comment',
  issue: 1,
  key: 'red-bin',
  body,
  mode: 'write',
});

const bodyOf = (intent: ForgeIntent): string | undefined =>
  intent.kind === 'comment' ? intent.body : undefined;

test('what is asked for meanwhile is sent after it, in order', async (t) => {
  const folder = join(temporaryFolder(t), 'outbox');
  await putIntent(folder, comment('first'));
  const sent: (string | undefined)[] = [];
  const send = async ({ intent }: { readonly intent: ForgeIntent }) => {
    sent.push(bodyOf(intent));
    if (sent.length > 1) return;
    await putIntent(folder, comment('second'));
    await putIntent(folder, comment('third'));
  };
  const drain = () => drainOutbox({ folder, send, say: () => {} });
  await drain();
  t.deepEqual(sent, ['first']);
  await drain();
  t.deepEqual(sent, ['first', 'second', 'third']);
  t.deepEqual(await readOutbox(folder), []);
});

test('two that send at once send each thing once', async (t) => {
  const folder = join(temporaryFolder(t), 'outbox');
  for (const key of ['a', 'b', 'c']) await putIntent(folder, { ...comment(key), key });
  const sent: (string | undefined)[] = [];
  const send = async ({ intent }: { readonly intent: ForgeIntent }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    sent.push(bodyOf(intent));
  };
  const once = () => drainOutbox({ folder, send, say: () => {} });
  await Promise.all([once(), once(), once()]);
  await once();
  t.deepEqual(sent, ['a', 'b', 'c']);
});

test('what older versions left is sent first, and what is asked for next goes behind it', async (t) => {
  const folder = temporaryFolder(t);
  const names = ['1795000000000-37', '00000002', '00000010'];
  for (const name of names) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(comment(name)));
  }
  writeFileSync(join(folder, '00000010.bundle'), '');
  const last = await putIntent(folder, comment('last'));
  const waiting = await readOutbox(folder);
  t.deepEqual(
    waiting.map(({ id, intent }) => [id, bodyOf(intent)]),
    [
      ['00000002', '00000002'],
      ['00000010', '00000010'],
      ['1795000000000-37', '1795000000000-37'],
      [last, 'last'],
    ],
  );
  t.is(waiting[1]?.bundle, join(folder, '00000010.bundle'));
  t.regex(last, /^1795000000001-/);
});

test('a file of another name is not passed over', async (t) => {
  const folder = temporaryFolder(t);
  await putIntent(folder, comment('known'));
  const file = join(folder, 'pull-request.json');
  writeFileSync(file, '{}');
  const error = await t.throwsAsync(readOutbox(folder), { instanceOf: UserError });
  t.deepEqual(error?.place, { file });
  t.regex(error?.message ?? '', /Move the file away/);
});
