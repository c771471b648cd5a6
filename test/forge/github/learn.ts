// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { readDecisions } from '../../../src/forge/decisions.ts';
import { branchOf } from '../../../src/forge/forge.ts';
import { type Actor, addComment, addIssue, tick } from '../../simulated-github/state.ts';
import { makeGithub } from './with-github.ts';

const ada = { login: 'ada', type: 'User' } as const;
const mallory = { login: 'mallory', type: 'User' } as const;

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
  state.roles['helper[bot]'] = 'write';
  addComment(state, second, { login: 'helper[bot]', type: 'Bot' }, 'Coverage: 80 %');
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

test('a pull request that a bot closed says nothing of the work, and is asked about once', async (t) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  await made.open().open(made.request());
  const [pull] = made.pulls();
  if (!pull) return t.fail();
  const close = (closedBy: Actor) => {
    const now = tick(state);
    Object.assign(pull, { state: 'closed', closedAt: now, updatedAt: now, closedBy });
  };
  close({ login: 'stale[bot]', type: 'Bot' });
  t.is((await made.open().sync()).decisions, 0);
  t.is((await made.open().list())[0]?.state, 'closed');
  t.deepEqual(await readDecisions(made.places.decisions), []);
  made.github.takeCalls();
  await made.open().sync();
  t.deepEqual(made.github.takeCalls(), ['GET /repos/{owner}/{repo}/pulls']);
  // A person who opens it again and closes it decides.
  close(ada);
  t.is((await made.open().sync()).decisions, 1);
  t.is((await made.open().sync()).decisions, 0);
  made.clean();
});

test('a text that was copied to another branch makes no second pull request of a spec', async (t) => {
  const made = await makeGithub(t);
  const pull = made.request();
  await made.open().open(pull);
  const [existing] = made.pulls();
  if (!existing?.pull) return t.fail();
  const { title, body, author, pull: sides } = existing;
  addIssue(made.github.state, { title, body, author, pull: { ...sides, head: 'pantheon/mine' } });
  const listed = await made.open().list();
  t.deepEqual(
    listed.map(({ pullRequest }) => pullRequest.branch),
    [pull.branch],
  );
  t.regex(made.said.join('\n'), /#2 \(pantheon\/mine\) no longer contains the record/);
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
    pull: { ...text.pull, headRepository: 'mallory/vault', headSha: pull.commit },
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
  const [existing] = made.pulls().filter(({ pull }) => pull?.head.startsWith('pantheon/'));
  if (existing) existing.updatedAt = tick(state);
  t.is((await made.open().list()).length, 1);
  t.is(made.github.takeCalls().length, 3, 'the last time nothing was newer');
  t.is((await made.open().list()).length, 1);
  t.is(made.github.takeCalls().length, 1);
});
