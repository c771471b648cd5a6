// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { writeText } from '../../src/markdown/yaml-value.ts';
import { each } from '../each.ts';
import { normalise, pickable } from './normalising.ts';

const named = test.macro({
  title: (_, path: string) => `the file name ${path} in words`,
  exec(t, path: string, title: string) {
    t.is(normalise({ text: '', path }), `---\ntitle: ${writeText(title)}\n---\n`);
  },
});

test(named, 'n/my-first_note.md', 'My first note');
test(named, '_posts/2024-05-01-hello-world.markdown', 'Hello world');
test(named, '2024-05-01.md', '2024-05-01');
test(named, '2025-03-11 weekly.md', '2025-03-11 weekly');
test(named, 'a self-made thing.md', 'A self-made thing');
test(named, 'report-2024-05.md', 'Report 2024-05');
test(named, 'iPhone-tips.md', 'iPhone tips');
test(named, 'README.MD', 'README');
test(named, '_index.md', 'Index');
test(named, '__.md', '__');
test(named, 'übersicht.md', 'Übersicht');
test(named, '東京_メモ.md', '東京 メモ');
test(named, 'ქართული.md', 'ქართული');
test(named, 'ﬁsh.md', 'ﬁsh');

const taken = test.macro({
  title: (name) => `a value that is taken: ${name}`,
  exec(t, sentence: string, before: string, after: string, first?: string) {
    const given = { path: 'my-note.md', acceptance: [sentence], days: { first } };
    t.is(normalise({ ...given, text: before }), after);
    if (!after.startsWith('! ')) t.is(normalise({ ...given, text: after }), after);
    t.true(pickable({ ...given, text: before }).includes(after));
  },
});
const fromHeading = 'The title of every note is taken from its first heading';
const fromName = 'The title of every note is taken from its file name';
const fromCommit = 'The date of every note is the date of its first commit';

each(taken, {
  'another title': [fromHeading, '---\ntitle: X\n---\n# H\n', '---\ntitle: H\n---\n# H\n'],
  'a deeper heading': [fromHeading, '## H\n', '---\ntitle: H\n---\n## H\n'],
  'no heading': [fromHeading, '---\ntitle: X\n---\n', '! has no heading to take the title from'],
  'a number': [fromHeading, '---\ntitle: 5\n---\n# 5\n', '---\ntitle: 5\n---\n# 5\n'],
  'the file name': [fromName, '---\nTitle: X\n---\n# H\n', '---\nTitle: My note\n---\n# H\n'],
  'another key from the file name': [
    '`id` is taken from the file name',
    '---\nid: 4\n---\n',
    '---\nid: my-note\n---\n',
  ],
  'the first commit': [
    fromCommit,
    '---\ndate: 2022-06-06 # d\n---\n',
    '---\ndate: 2020-01-01 # d\n---\n',
    '2020-01-01',
  ],
  'the first commit, to the second': [
    fromCommit,
    '---\ndate: 2020-01-01 10:00:00\n---\n',
    '---\ndate: 2020-01-01 10:00:00\n---\n',
    '2020-01-01',
  ],
  'an unknown first commit': [
    fromCommit,
    '---\ndate: 2022-06-06\n---\n',
    '! date needs the date of the first commit, which is not known',
  ],
});
