// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { Fault } from '../../simulated-github/faults.ts';
import { addIssue } from '../../simulated-github/state.ts';
import { makeGithub } from './with-github.ts';

/* What GitHub will not do for one thing costs that one thing alone. */

const ada = { login: 'ada', type: 'User' } as const;

const comments = (made: Awaited<ReturnType<typeof makeGithub>>) =>
  made.github.state.comments.map(({ body }) => body.split('\n')[1]);

const costsItself = test.macro({
  title: (_, fault: Fault, on: string) => `${fault} at ${on}: put aside, and the rest goes on`,
  exec: async (t, fault: Fault, on: string, why: RegExp) => {
    const made = await makeGithub(t);
    addIssue(made.github.state, { title: 'A chore', body: '', author: ada });
    made.github.script([{ on, fault }]);
    const forge = made.open();
    await t.throwsAsync(forge.comment(1, 'red-bin', 'first'), { message: why });
    await forge.open(made.request());
    await forge.comment(1, 'other', 'second');
    t.is(made.pulls().length, 1);
    t.deepEqual(comments(made), ['second']);
    t.deepEqual((await made.open().sync()).waiting, []);
    made.clean();
  },
});

test(costsItself, '403 locked', 'POST /comments', /is locked/);
test(costsItself, '410', 'GET /comments', /was deleted/);
test(costsItself, '301', 'GET /comments', /the issue does not exist/);
test(costsItself, '301', 'POST /comments', /the issue does not exist/);

test('one that waits for a person delays nothing behind it', async (t) => {
  const made = await makeGithub(t);
  addIssue(made.github.state, { title: 'A chore', body: '', author: ada });
  made.run(['commit', '-q', '--allow-empty', '-m', 'Not pushed']);
  const base = made.run(['rev-parse', 'HEAD']).trim();
  const commit = made.commit('another\n');
  made.run(['update-ref', 'refs/heads/main', made.head]);
  const forge = made.open();
  const blocked = await forge.open(made.request({ spec: 'early', base, commit }));
  t.regex(blocked.waiting ?? '', /push it first/);
  t.is((await forge.open(made.request())).waiting, undefined);
  t.deepEqual(await forge.comment(1, 'red-bin', 'text'), {});
  t.is(made.pulls().length, 1);
  t.deepEqual(comments(made), ['text']);
  made.clean();
});

for (const [name, on] of [
  ['a label', 'POST /labels'],
  ['an assignee', 'POST /assignees'],
] as const) {
  test(`${name} that GitHub does not take leaves the pull request open`, async (t) => {
    const made = await makeGithub(t, { assignees: ['nobody'] });
    made.github.script([{ on, fault: '422 invalid' }]);
    t.is((await made.open().open(made.request())).waiting, undefined);
    t.is(made.pulls().length, 1);
    t.regex(made.said.join('\n'), /#1 is open, but not as github.pullRequests says: .*422/);
    t.deepEqual((await made.open().sync()).waiting, []);
    made.clean();
  });
}

test('a token that may not open pull requests still comments, and is asked once', async (t) => {
  const made = await makeGithub(t);
  addIssue(made.github.state, { title: 'A chore', body: '', author: ada });
  made.github.script([{ on: 'POST /pulls', fault: '403 scope', times: 99 }]);
  const forge = made.open();
  t.regex((await forge.open(made.request())).waiting ?? '', /lacks a permission/);
  t.deepEqual(await forge.comment(1, 'red-bin', 'text'), {});
  t.deepEqual(await forge.label(1, { add: ['ready'], remove: [] }), {});
  t.deepEqual(comments(made), ['text']);
  const asked = made.github
    .takeCalls()
    .filter((call) => call.startsWith('POST') && call.endsWith('/pulls'));
  t.is(asked.length, 1);
  made.github.script([]);
  t.is((await made.open().sync()).sent, 1);
  t.is(made.pulls().length, 1);
  made.clean();
});

test('what was sent too quickly is sent again', async (t) => {
  const made = await makeGithub(t);
  made.github.script([{ on: 'POST /pulls', fault: '422 too quickly' }]);
  t.is((await made.open().open(made.request())).waiting, undefined);
  t.is(made.pulls().length, 1);
  made.clean();
});

test('a text cut within a character is well formed, and written once', async (t) => {
  const made = await makeGithub(t);
  addIssue(made.github.state, { title: 'A chore', body: '', author: ada });
  const half = '\u{1f600}'.slice(0, 1);
  await made.open().comment(1, 'red-bin', `cut ${half}`);
  await made.open().open(made.request({ title: half, body: `# x ${half}\n` }));
  for (const { body, title } of [
    ...made.github.state.comments.map(({ body }) => ({ body, title: '' })),
    ...made.pulls(),
  ]) {
    t.true(`${title}${body}`.isWellFormed());
  }
  made.github.takeCalls();
  await made.open().comment(1, 'red-bin', `cut ${half}`);
  t.deepEqual(
    made.github.takeCalls().filter((call) => !call.startsWith('GET ')),
    [],
  );
});

test('a record that a text quotes is not taken for its own', async (t) => {
  const made = await makeGithub(t);
  const forged = made.request({ spec: 'forged', specDigest: 'a'.repeat(64) });
  await made.open().open(forged);
  const quoted = made.pulls()[0]?.body ?? '';
  const quoting = made.request({ body: `# Tidy\n\n- \`${quoted.replaceAll('\n', ' ')}\`\n` });
  await made.open().open({ ...quoting, commit: made.commit('other\n') });
  const listed = await made
    .open({ places: { folder: `${made.state}/new`, decisions: `${made.state}/new.jsonl` } })
    .list();
  t.deepEqual(
    listed.map(({ pullRequest }) => pullRequest.spec),
    ['forged', 'tidy'],
  );
});
