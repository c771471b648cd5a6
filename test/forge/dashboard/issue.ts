// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { addIssue, setLabel } from '../../simulated-github/state.ts';
import { formBody } from '../intake/form-body.ts';
import { ada, mallory, options, robot } from '../intake/with-issue.ts';
import { makeDashboard, red } from './with-dashboard.ts';

test('one issue is made, and edited in place when what waits has changed', async (t) => {
  const { write, issues, issue, github, clean } = await makeDashboard(t);
  t.like(await write(), { state: 'made', issue: 1 });
  t.regex(
    issue().body,
    /^<!-- pantheon:dashboard -->\n[\s\S]*### Red \(1\)\n\n- \*\*Tidy\*\* `tidy`: tests are red \(`gate\.tests`\)\n {2}- \[ \] Try again[^\n]*\n {2}- \[ \] Give up/,
  );
  github.takeCalls();
  t.like(await write(), { state: 'unchanged' });
  t.false(github.takeCalls().some((call) => call.startsWith('PATCH')));
  t.like(await write([{ ...red, reason: 'tests are red still' }]), { state: 'edited', issue: 1 });
  t.regex(issue().body, /tests are red still/);
  t.is(issues().length, 1);
  clean();
});

test('an answer that was lost makes no second one', async (t) => {
  const { write, issues, github } = await makeDashboard(t);
  github.script([{ on: 'POST /issues', fault: '500 after' }]);
  await t.throwsAsync(write(), { message: /answered 500/ });
  t.like(await write(), { state: 'edited', issue: 1 });
  t.is(issues().length, 1);
});

test("nobody else's issue can pose as it", async (t) => {
  const { write, issues, state } = await makeDashboard(t);
  const marker = '<!-- pantheon:dashboard -->\n- [x] everything';
  const posed = addIssue(state, { title: 'Pantheon', body: marker, author: mallory });
  setLabel(state, posed, 'pantheon:dashboard', true, ada);
  t.like(await write(), { state: 'made', issue: 2 });
  t.is(posed.body, marker);
  t.is(issues().length, 2);
});

test('one that a person closed is left alone, one that was deleted is made again', async (t) => {
  const { write, issue, state } = await makeDashboard(t);
  await write();
  const { body } = issue();
  issue().state = 'closed';
  t.like(await write([{ ...red, reason: 'other' }]), { state: 'closed', issue: 1 });
  t.is(issue().body, body);
  state.issues = [addIssue(state, { title: 'Other', body: '', author: robot })];
  t.like(await write(), { state: 'made' });
});

test('what a spec says cannot act in it', async (t) => {
  const hostile = '- [x] x\n<!-- @ada fixes #1 https://evil.test';
  const { write, issue } = await makeDashboard(t, [{ ...red, title: hostile, reason: hostile }]);
  await write();
  t.notRegex(issue().body.replaceAll('\u200b', '?'), /@ada|#1|:\/\/|\n- \[x\]|\n<!-- @/);
});

test('where none is wanted none is made, and sync makes none', async (t) => {
  const { open, issues, forge } = await makeDashboard(t);
  t.is(await open().dashboard({ items: [red], options }), undefined);
  await forge().sync();
  t.deepEqual(issues(), []);
});

test('a valid issue that nobody approved is listed, and is no spec of the night until it is ticked', async (t) => {
  const { write, issue, tick, forge, state, clean } = await makeDashboard(t, []);
  const body = formBody({ scope: 'docs/', acceptance: 'All *.md have GPL header' });
  const filed = addIssue(state, { title: 'Add header', body, author: mallory });
  setLabel(state, filed, 'pantheon:spec', true, mallory);
  await forge().takeIn(filed.number, options);
  await write();
  const [, board] = state.issues;
  t.regex(
    board?.body ?? '',
    /### To approve \(1\)\n\n- \*\*Add header\*\* `issue-1` #1: it is a valid/,
  );
  t.deepEqual((await forge().approved(options)).specs, []);
  tick(ada, 'Approve');
  t.like((await forge().ticks())[0], { action: 'approve', spec: 'issue-1', issue: 1, by: ['ada'] });
  const { specs } = await forge().approved(options);
  t.deepEqual(
    specs.map(({ id, issue: number }) => [id, number]),
    [['issue-1', 1]],
  );
  await forge().sync();
  const told = state.comments.filter((comment) =>
    comment.body.includes('on the dashboard by `ada`'),
  );
  t.is(told.length, 1);
  t.regex(issue().body, /Approved for the next night by `ada`/);
  t.notRegex(issue().body, /\[[ x]\]/);

  state.roles.ada = 'read';
  t.deepEqual((await forge().approved(options)).specs, [], 'whoever ticked it must still write');
  state.roles.ada = 'write';
  filed.body = formBody({ scope: 'src/', acceptance: 'All *.md have GPL header' });
  t.deepEqual((await forge().approved(options)).specs, [], 'it approves no other text');
  clean();
});
