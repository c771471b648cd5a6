// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { editsSince } from '../../../src/forge/dashboard/edit-history.ts';
import { editIssue } from '../../simulated-github/state.ts';
import { ada, mallory, robot, tom } from '../intake/with-issue.ts';
import { makeDashboard, red } from './with-dashboard.ts';

const bob = { login: 'bob', type: 'User' } as const;

test('a tick by somebody who may write counts once', async (t) => {
  const { write, tick, ticked, forge, issue, clean } = await makeDashboard(t);
  await write();
  tick(ada, 'Try again');
  const [ask, ...more] = await forge().ticks();
  t.like(ask, { action: 'retry', spec: 'tidy', digest: red.digest, by: ['ada'], after: red.after });
  t.deepEqual(more, []);
  t.is((await forge().ticks()).length, 1, 'read again before it is written again');
  await write();
  t.false(ticked());
  t.regex(issue().body, /The next night works it again: asked for by `ada`\n {2}- \[ \] Give up/);
  t.is((await forge().ticks()).length, 1);
  await write([{ ...red, after: '2026-11-22' }]);
  t.regex(issue().body, /\[ \] Try again/, 'a night has worked it since');
  clean();
});

/** In GraphQL its login is that of a person who may write. */
const namesake = { login: 'ada[bot]', type: 'Bot' } as const;

for (const who of [mallory, tom, robot, namesake]) {
  test(`one by ${who.login}, who may not write, does nothing, and the issue says so`, async (t) => {
    const { write, tick, ticked, forge, issue, clean } = await makeDashboard(t);
    await write();
    tick(who, 'Try again');
    t.deepEqual(await forge().ticks(), []);
    await forge().sync();
    t.false(ticked());
    t.regex(issue().body, /> \*\*[\dT:.Z-]+\*\*: retry tidy: ticked without effect/);
    t.true(issue().body.includes(who.login.replace('[bot]', '')));
    t.deepEqual(await forge().ticks(), []);
    clean();
  });
}

test('nor does one that somebody without write access may have put there before another edit', async (t) => {
  const { write, tick, forge, issue } = await makeDashboard(t);
  await write();
  tick(mallory, 'Give up');
  tick(ada, 'Try again');
  t.deepEqual(await forge().ticks(), []);
  await write();
  t.regex(issue().body, /give-up tidy: ticked without effect, for mallory/);
  tick(bob, 'Try again');
  tick(ada, 'Give up');
  t.deepEqual(await forge().ticks(), [], 'both boxes at once ask for nothing');
  await write();
  tick(ada, 'Give up');
  t.like((await forge().ticks()).at(-1), { action: 'give-up', by: ['ada'] });
});

test('a body with boxes that were never written there asks for nothing', async (t) => {
  const { write, forge, issue, state } = await makeDashboard(t);
  await write();
  const foreign = issue().body.replaceAll('`tidy`', '`other`').replaceAll('[ ]', '[x]');
  editIssue(state, issue(), foreign, ada);
  t.deepEqual(await forge().ticks(), []);
  editIssue(state, issue(), `- [x] Give up: \`tidy\`\n${red.digest}`, ada);
  t.deepEqual(await forge().ticks(), []);
  t.like(await write(), { state: 'edited' });
  t.notRegex(issue().body, /other|\[x\]/);
});

test('where it is not told who edited it nothing is done, and the issue says so', async (t) => {
  const { write, tick, ticked, forge, issue, github } = await makeDashboard(t);
  await write();
  tick(ada, 'Try again');
  const hidden = { on: 'POST /graphql', fault: '403 scope', times: 9 } as const;
  github.script([hidden]);
  t.deepEqual(await forge().ticks(), []);
  await forge().sync();
  t.false(ticked());
  t.regex(issue().body, /retry tidy: ticked without effect, for GitHub does not tell who ticked/);
  tick(ada, 'Try again');
  github.script([]);
  t.deepEqual(await forge().ticks(), [], 'which edits came before is not known either');
  await write();
  tick(ada, 'Try again');
  t.is((await forge().ticks()).length, 1);
});

test('an edit that was hidden from the history is missed', async (t) => {
  const { write, tick, forge, issue, state } = await makeDashboard(t);
  await write();
  tick(ada, 'Try again');
  state.revisions = [];
  t.deepEqual(await forge().ticks(), []);
  await write();
  t.regex(issue().body, /GitHub does not tell who ticked/);
});

test('out of reach, what was ticked before is known', async (t) => {
  const { write, tick, forge, github, said } = await makeDashboard(t);
  await write();
  tick(ada, 'Try again');
  t.is((await forge().ticks()).length, 1);
  github.script([{ on: 'POST /graphql', fault: 'dropped', times: 99 }]);
  t.is((await forge().ticks()).length, 1);
  t.regex(said.join('\n'), /The dashboard issue was not read: GitHub/);
});

const editOf = (id: string, login: string) => ({
  ...{ id, editedAt: `2026-11-21T00:00:0${id}Z` },
  editor: { __typename: 'User', login },
});

test('edits that are not all listed are not told from those before', (t) => {
  const history = (totalCount: number, ...nodes: readonly ReturnType<typeof editOf>[]) => ({
    ...({ state: 'OPEN', body: '', author: { __typename: 'User', login: 'bot' } } as const),
    userContentEdits: { totalCount, nodes: [...nodes] },
  });
  const before = { total: 1, ids: ['1'] };
  const edits = [editOf('3', 'ada'), editOf('2', 'mallory'), editOf('1', 'bot')];
  t.is(editsSince(history(3, ...edits), before).length, 2);
  t.throws(() => editsSince(history(4, ...edits), before), { message: /cannot be told/ });
  t.throws(() => editsSince(history(3, ...edits), null), { message: /cannot be told/ });
  const fresh = { total: 0, ids: [] };
  t.deepEqual(
    editsSince(history(3, ...edits), fresh).map(({ id }) => id),
    ['3', '2'],
    'the text as it was made is not an edit',
  );
});
