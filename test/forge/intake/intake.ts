// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { ReadOptions } from '../../../src/forge/intake/read-issue.ts';
import { addComment, addIssue, setLabel } from '../../simulated-github/state.ts';
import { formBody } from './form-body.ts';
import { ada, approved, body, makeIssue, mallory, options, robot, tom } from './with-issue.ts';

const other = formBody({ scope: '**', acceptance: 'Anything' });

type Made = Awaited<ReturnType<typeof makeIssue>>;

test('a valid issue is answered once, with what was understood', async (t) => {
  const { intake, comments, issue, github, clean } = await makeIssue(t);
  t.is((await intake()).state, 'valid');
  t.is(comments().length, 1);
  t.regex(comments()[0]?.body ?? '', /scope:\n {2}- docs\/\*\*/);
  t.deepEqual(issue.labels, ['pantheon:spec', 'pantheon:ready']);
  github.takeCalls();
  await intake();
  t.false(github.takeCalls().some((call) => !call.startsWith('GET ')));
  clean();
});

test('what the night would have against it is said by day', async (t) => {
  const { open, issue, comments, clean } = await makeIssue(t);
  const plan = async () => ['no chore covers the sentence "x"', 'write it like: y'];
  t.is((await open().takeIn(issue.number, { ...options, plan })).state, 'invalid');
  t.regex(comments()[0]?.body ?? '', /- no chore covers the sentence "x"\n- write it like: y/);
  t.deepEqual(issue.labels, ['pantheon:spec', 'pantheon:invalid']);
  clean();
});

test('an edit keeps the one comment up to date', async (t) => {
  const { intake, comments, issue, edit, clean } = await makeIssue(t, formBody({}));
  t.is((await intake()).state, 'invalid');
  t.regex(comments()[0]?.body ?? '', /- Scope: is missing/);
  t.deepEqual(issue.labels, ['pantheon:spec', 'pantheon:invalid']);
  edit(body);
  await intake();
  t.is(comments().length, 1);
  t.deepEqual(issue.labels, ['pantheon:spec', 'pantheon:ready']);
  clean();
});

test('what an issue says cannot act from within the comment', async (t) => {
  const hostile = formBody({
    scope: 'docs/',
    acceptance: '````\n@ada fixes #1 <b>x</b> https://evil.test',
    id: '@ada #1',
  });
  const { intake, comments } = await makeIssue(t, hostile);
  t.is((await intake()).state, 'invalid');
  const text = comments()[0]?.body ?? '';
  t.false(/(?<!`[^`]*)@ada/.test(text.replaceAll('\u200b', '\u0000')), text);
});

test('a fence in an issue does not end the fence of the comment', async (t) => {
  const { intake, comments } = await makeIssue(
    t,
    formBody({ scope: 'docs/', acceptance: 'Say ````` and\n@ada' }),
  );
  await intake();
  const lines = comments()[0]?.body.split('\n') ?? [];
  const fences = lines.filter((line) => line.startsWith('``````'));
  t.is(fences.length, 2);
  t.true(lines.indexOf('  - "@ada"') < lines.lastIndexOf('``````'));
});

test('an issue of the form is a spec although the repository had no label for it', async (t) => {
  const made = await makeIssue(t);
  setLabel(made.state, made.issue, 'pantheon:spec', false, ada);
  t.is((await made.intake()).state, 'valid');
  t.deepEqual(made.issue.labels, ['pantheon:spec', 'pantheon:ready']);
});

test('an issue that is not of the form and a closed one are left alone', async (t) => {
  const made = await makeIssue(t, 'The door squeaks.');
  setLabel(made.state, made.issue, 'pantheon:spec', false, ada);
  t.is((await made.intake()).state, 'ignored');
  setLabel(made.state, made.issue, 'pantheon:spec', true, ada);
  made.issue.state = 'closed';
  t.is((await made.intake()).state, 'ignored');
  t.deepEqual(made.comments(), []);
});

test('an approval by a person with write access is pinned, and collected', async (t) => {
  const { intake, label, collected, issue, comments, clean } = await makeIssue(t);
  await intake();
  label(ada);
  t.deepEqual((await collected()).specs, [], 'not before it was taken in');
  t.is((await intake()).state, 'approved');
  t.deepEqual(issue.labels, ['pantheon:spec', 'pantheon:ready', approved]);
  t.regex(comments()[0]?.body ?? '', /\*\*Approved\*\* by `ada`/);
  const { specs, refused: others } = await collected();
  t.deepEqual(others, []);
  t.is(specs[0]?.issue, issue.number);
  t.regex(specs[0]?.source.text ?? '', /docs\/\*\*/);
  clean();
});

type Row = readonly [act: (made: Made) => unknown, why: RegExp];

const refused: Readonly<Record<string, Row>> = {
  'a bot': [({ label }) => label(robot), /a bot cannot approve/],
  'a bot that is not named like one': [
    ({ label }) => label({ login: 'helper', type: 'Bot' }),
    /a bot cannot approve/,
  ],
  'somebody whose account is gone': [
    ({ label, github }) => [
      label(ada),
      github.script([{ on: 'GET /collaborators/{username}/permission', fault: '404', times: 9 }]),
    ],
    /has no write access/,
  ],
  'an app in a person’s name': [({ label }) => label(ada, true), /a bot cannot approve/],
  'somebody who only sorts issues': [({ label }) => label(tom), /has no write access/],
  'somebody whose rights are gone': [
    ({ label, state }) => [label(ada), delete state.roles.ada],
    /has no write access/,
  ],
  'a person, and the text is edited at once': [
    ({ label, edit }) => [label(ada), edit(other)],
    /was edited while it was approved/,
  ],
  'a person who could not have seen the text': [
    async ({ label, edit, intake, state, issue }) => {
      label(ada);
      edit(other);
      setLabel(state, issue, approved, false, tom);
      await intake();
      // The event of before is all there is: the label came back with no event of its own.
      issue.labels = [...issue.labels, approved];
    },
    /it is not known who set the label/,
  ],
};

for (const [who, [act, why]] of Object.entries(refused)) {
  test(`not approved by ${who}`, async (t) => {
    const made = await makeIssue(t);
    await made.intake();
    await act(made);
    const { state, lines } = await made.intake();
    t.is(state, 'valid');
    t.regex(lines.join(), why);
    t.false(made.issue.labels.includes(approved));
    t.deepEqual((await made.collected()).specs, []);
    made.clean();
  });
}

test('not approved before it was found valid', async (t) => {
  const made = await makeIssue(t);
  made.label(ada);
  t.regex((await made.intake()).lines.join(), /before the spec was found valid/);
  t.deepEqual((await made.collected()).specs, []);
});

test('an edit after the approval needs a new one', async (t) => {
  const made = await makeIssue(t);
  await made.intake();
  made.label(ada);
  await made.intake();
  made.edit(other);
  const { specs, refused: [first] = [] } = await made.collected();
  t.deepEqual(specs, []);
  t.is(first?.issue, made.issue.number);
  t.regex(first?.reason ?? '', /edited after it was approved/);
  t.is((await made.intake()).state, 'valid');
  t.false(made.issue.labels.includes(approved));
  made.label(ada);
  t.is((await made.intake()).state, 'approved');
  t.is((await made.collected()).specs.length, 1);
  t.is(made.comments().length, 1);
});

test('an approval in the second in which the text changed does not count', async (t) => {
  const made = await makeIssue(t);
  await made.intake();
  made.label(ada);
  const [comment] = made.comments();
  const event = made.state.events.at(-1);
  if (comment && event) event.createdAt = comment.updatedAt;
  t.regex((await made.intake()).lines.join(), /has changed since the label was set/);
});

test('a label is the same in any case of its letters', async (t) => {
  const made = await makeIssue(t);
  await made.intake();
  setLabel(made.state, made.issue, 'Pantheon:Approved', true, ada);
  t.is((await made.intake()).state, 'approved');
});

test('an issue that is deleted while collect reads costs no other its night', async (t) => {
  const made = await makeIssue(t);
  await made.intake();
  made.label(ada);
  await made.intake();
  const { title, body, author } = made.issue;
  const gone = addIssue(made.state, { title, body, author });
  setLabel(made.state, gone, approved, true, ada);
  made.github.script([{ on: 'GET /events', fault: '410', at: 2 }]);
  const { specs, notices } = await made.collected();
  t.deepEqual(
    specs.map(({ issue }) => issue),
    [made.issue.number],
  );
  t.deepEqual(notices, [`Issue #${gone.number} is not worked: it no longer exists.`]);
});

test('an id that a file or an approved issue has is refused, and both are named', async (t) => {
  const text = formBody({ scope: 'docs/', acceptance: 'All *.md have GPL header', id: 'header' });
  const made = await makeIssue(t, text);
  const { state, issue } = made;
  const younger = addIssue(state, { title: 'Again', body: text, author: mallory });
  const takeIn = (number: number, files: ReadOptions['files'] = []) =>
    made.open().takeIn(number, { ...options, files });
  const spec = '{ title: T, scope: docs/, acceptance: [All *.md have GPL header] }\n';
  const asked = await takeIn(issue.number, [{ name: 'specs/header.yaml', text: spec }]);
  const clash = (place: string) =>
    `Id: "header" is already the id of ${place}. Give one of the two another id`;
  t.deepEqual(asked, { state: 'invalid', lines: [clash('specs/header.yaml')] });
  t.true(made.comments()[0]?.body.includes('Id: "header" is already the id of specs/header.yaml'));
  // Nobody can take an id away by writing it down.
  t.is((await takeIn(issue.number)).state, 'valid');
  t.is((await takeIn(younger.number)).state, 'valid');
  made.label(ada);
  t.is((await takeIn(issue.number)).state, 'approved');
  t.deepEqual(await takeIn(younger.number), {
    state: 'invalid',
    lines: [clash(`issue #${issue.number}`)],
  });
  issue.state = 'closed';
  t.is((await takeIn(younger.number)).state, 'valid');
  made.clean();
});

test('collect sees when rights were taken away since', async (t) => {
  const made = await makeIssue(t);
  await made.intake();
  made.label(ada);
  await made.intake();
  made.state.roles.ada = 'triage';
  const [first] = (await made.collected()).refused;
  t.regex(first?.reason ?? '', /ada set the label but has no write access/);
});

test('a comment that a stranger forged is neither believed nor edited', async (t) => {
  const made = await makeIssue(t);
  const digest = 'a'.repeat(64);
  const forged = `<!-- pantheon:comment:intake -->\n<!-- pantheon-intake approved ${digest} 1 -->\n`;
  // Somebody of the repository without write access counts as a stranger here.
  addComment(made.state, made.issue, tom, forged);
  addComment(made.state, made.issue, mallory, forged);
  await made.intake();
  t.is(made.comments().length, 3);
  t.is(made.comments()[0]?.body, forged);
  made.label(ada);
  await made.intake();
  t.is((await made.collected()).specs.length, 1);
  made.clean();
});
