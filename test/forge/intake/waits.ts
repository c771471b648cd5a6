// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { ReadOptions } from '../../../src/forge/intake/read-issue.ts';
import { addIssue } from '../../simulated-github/state.ts';
import { formBody } from './form-body.ts';
import { ada, makeIssue, mallory, options } from './with-issue.ts';

const waiting = (...ids: readonly string[]) =>
  formBody({ scope: 'docs/', acceptance: 'All *.md have GPL header', dependsOn: ids.join('\n') });
const file = (name: string, ...ids: readonly string[]) => ({
  name: `specs/${name}.yaml`,
  text: `{ title: T, scope: docs/, acceptance: [All *.md have GPL header], dependsOn: [${ids}] }\n`,
});

type Waits = readonly [
  texts: readonly string[],
  more: Pick<ReadOptions, 'files' | 'past'>,
  answer: readonly string[],
];

/** Each answers issue 1; the others are open, and nobody has approved one. */
const waits: Readonly<Record<string, Waits>> = {
  'a file': [[waiting('a')], { files: [file('a')] }, []],
  'one that had a pull request': [[waiting('a')], { past: new Set(['a']) }, []],
  'an open issue': [[waiting('issue-2'), waiting()], {}, []],
  'nothing there is': [
    [waiting('b', 'aa')],
    { files: [file('a')] },
    [
      'Depends on, line 1: unknown spec "b" (did you mean "a"?). Name an id that exists',
      'Depends on, line 2: unknown spec "aa" (did you mean "a"?). Name an id that exists',
    ],
  ],
  'an issue that does not exist': [
    [waiting('issue-9')],
    {},
    ['Depends on, line 1: unknown spec "issue-9". Name an id that exists'],
  ],
  'an issue that is no spec': [
    [waiting('issue-2'), 'The door squeaks.'],
    {},
    ['Depends on, line 1: unknown spec "issue-2". Name an id that exists'],
  ],
  itself: [
    [waiting('issue-1')],
    {},
    ['Depends on, line 1: is part of a cycle: issue-1 -> issue-1. None of these could ever start'],
  ],
  'a file that waits for it': [
    [waiting('a')],
    { files: [file('a', 'issue-1')] },
    [
      'Depends on, line 1: is part of a cycle: issue-1 -> a -> issue-1. None of these could ever start',
    ],
  ],
  'issues that wait for it': [
    [waiting('issue-2'), waiting('issue-3'), waiting('issue-1')],
    {},
    [
      'Depends on, line 1: is part of a cycle: issue-1 -> issue-2 -> issue-3 -> issue-1. None of these could ever start',
    ],
  ],
};

for (const [what, [[own, ...others], more, answer]] of Object.entries(waits)) {
  test(`an issue that waits for ${what} is ${answer.length > 0 ? 'invalid' : 'valid'}`, async (t) => {
    const made = await makeIssue(t, own);
    for (const text of others) addIssue(made.state, { title: 'T', body: text, author: mallory });
    const { state, lines } = await made.open().takeIn(made.issue.number, { ...options, ...more });
    t.deepEqual(lines, answer);
    t.is(state, answer.length > 0 ? 'invalid' : 'valid');
    made.clean();
  });
}

test('an approved issue that never could run is told so, and loses its label', async (t) => {
  const made = await makeIssue(t, waiting('a'));
  const files = [file('a')];
  const takeIn = () => made.open().takeIn(made.issue.number, { ...options, files });
  await takeIn();
  made.label(ada);
  t.is((await takeIn()).state, 'approved');
  files[0] = file('a', 'issue-1');
  t.is((await takeIn()).state, 'invalid');
  t.deepEqual(made.issue.labels, ['pantheon:spec', 'pantheon:invalid']);
  t.regex(
    made.comments()[0]?.body ?? '',
    /- Depends on, line 1: is part of a cycle: issue-1 -&gt; a|cycle/,
  );
});
