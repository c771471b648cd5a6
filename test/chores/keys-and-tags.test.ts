// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { declines, does } from '../actions/codegen/macros.ts';
import { approved, caseOf, rejected, reviewers } from '../actions/review-peer/macros.ts';
import { each } from '../each.ts';
import { worked } from './worked.ts';

const rename = ['Rename the key `categories` to `tags` in all posts'];
const lower = ['All tags are in lower case'];

const sentences: Readonly<Record<string, readonly string[]>> = {
  'rename-key': [
    ...rename,
    'Rename the frontmatter key categories to tags',
    'The `categories` key is renamed to `tags`',
    'rename `categories` field to `tags`',
  ],
  'tag-style': [
    ...lower,
    'Tags are lowercase',
    'The tags of every note are lower-case',
    'Tags are in kebab-case',
    'Merge the tag `js` into `javascript`',
    'Rename the tag js to javascript in posts/',
  ],
};

for (const [chore, words] of Object.entries(sentences)) {
  test(`sentences that ask for ${chore}`, (t) => {
    const { read } = openChores();
    for (const sentence of words) t.is(read(sentence)?.[0]?.chore, chore, sentence);
  });
}

const old = '---\n# mine\nCategories: [a, B] # two\ntitle: T\n---\n# T\n\ncategories: x\n';
const renamed = old.replace('Categories', 'tags');
const mixed = '---\ntags:\n  - Big One\n  - js\n  - JS\n  - 7\n---\nText #Big\n';
const lowered = '---\ntags:\n  - big one\n  - js\n  - 7\n---\nText #Big\n';

each(does, {
  'the key alone changes': [{ 'a.md': old }, rename, { 'a.md': renamed }],
  'tags in lower case, each once': [{ 'a.md': mixed }, lower, { 'a.md': lowered }],
  'one tag for another': [
    { 'a.md': '---\ntags: [js, css, javascript]\n---\n' },
    ['Merge the tag `js` into `javascript`'],
    { 'a.md': '---\ntags: [javascript, css]\n---\n' },
  ],
  'tags in kebab case': [
    { 'a.md': '---\ntags: [Big One, two_three]\n---\n' },
    ['Tags are in kebab-case'],
    { 'a.md': '---\ntags: [big-one, two-three]\n---\n' },
  ],
});

each(declines, {
  'a key that is there already': [
    { 'a.md': '---\ncategories: [a]\ntags: [b]\n---\n' },
    rename,
    /a\.md has tags as well/,
  ],
  'no such key': [{ 'a.md': '# T\n' }, rename, /no note in scope has the key categories/],
  'a tag that would be another number': [
    { 'a.md': '---\ntags: [A, 1.10]\n---\n' },
    lower,
    /written in another way/,
  ],
  'tags that are one text': [{ 'a.md': '---\ntags: A, B\n---\n' }, lower, /not a list/],
});

const named = { acceptance: rename };
const styled = { acceptance: lower };

each(approved, {
  'a renamed key': [named, { 'a.md': old }, { 'a.md': renamed }],
  'a renamed key, beside a note that has both': [
    named,
    { 'a.md': old, 'b.md': '---\ncategories: [a]\ntags: [b]\n---\n' },
    { 'a.md': renamed, 'b.md': '---\ncategories: [a]\ntags: [b]\n---\n' },
  ],
  'lower case': [styled, { 'a.md': mixed }, { 'a.md': lowered }],
  'lower case, as a flow list': [
    styled,
    { 'a.md': '---\ntags: [A, b]\ntitle: T\n---\n' },
    { 'a.md': '---\ntags: ["a", b]\ntitle: T\n---\n' },
  ],
});

const blanks = 'No file has trailing whitespace';
const other = { 'b.md': '# B \n', 'c.md': '---\ntitle: C\n---\n# C \n' };
const trimmed = { 'b.md': '# B\n', 'c.md': '---\ntitle: C\n---\n# C\n' };

each(worked, {
  'a renamed key, beside notes without it that change otherwise': [
    [...rename, blanks],
    { 'a.md': old, ...other },
    { 'a.md': renamed, ...trimmed },
  ],
  'lower case, beside notes without tags that change otherwise': [
    [...lower, blanks],
    { 'a.md': mixed, ...other },
    { 'a.md': lowered, ...trimmed },
  ],
});

each(rejected, {
  'tags: some where there were none': [
    styled,
    { 'a.md': mixed, 'b.md': '# B\n' },
    { 'a.md': lowered, 'b.md': '---\ntags: [b]\n---\n# B\n' },
  ],
  'a key: another name': [named, { 'a.md': old }, { 'a.md': old.replace('Categories', 'tag') }],
  'a key: its value changes too': [
    named,
    { 'a.md': old },
    { 'a.md': renamed.replace('[a, B]', '[a]') },
  ],
  'a key: its comment is gone': [named, { 'a.md': old }, { 'a.md': renamed.replace(' # two', '') }],
  'a key: the text below changes too': [
    named,
    { 'a.md': old },
    { 'a.md': renamed.replace('categories: x', 'tags: x') },
  ],
  'a key: there already': [
    named,
    { 'a.md': '---\ncategories: [a]\ntags: [b]\n---\n' },
    { 'a.md': '---\ntags: [a]\ntags: [b]\n---\n' },
  ],
  'tags: one is gone': [styled, { 'a.md': mixed }, { 'a.md': lowered.replace('  - js\n', '') }],
  'tags: one more': [
    styled,
    { 'a.md': mixed },
    { 'a.md': lowered.replace('  - 7', '  - 7\n  - x') },
  ],
  'tags: a number is written in another way': [
    styled,
    { 'a.md': '---\ntags: [A, 1.10]\n---\n' },
    { 'a.md': '---\ntags: [a, 1.1]\n---\n' },
  ],
  'tags: a number becomes text': [
    styled,
    { 'a.md': mixed },
    { 'a.md': lowered.replace('- 7', '- "7"') },
  ],
  'tags: a YAML tag': [styled, { 'a.md': mixed }, { 'a.md': lowered.replace('- js', '- !x js') }],
  'tags: an anchor': [styled, { 'a.md': mixed }, { 'a.md': lowered.replace('- js', '- &a js') }],
  'tags: the text below changes too': [
    styled,
    { 'a.md': mixed },
    { 'a.md': lowered.replace('#Big', '#big') },
  ],
  'tags: another key changes too': [
    styled,
    { 'a.md': '---\ntags: [A]\ntitle: T\n---\n' },
    { 'a.md': '---\ntags: [a]\ntitle: t\n---\n' },
  ],
});

for (const [what, file, before, after] of [
  ['a key', named, old, renamed],
  ['tags', styled, mixed, lowered],
] as const) {
  test(`${what}: who redoes it finds the note that was left`, async (t) => {
    const patch = caseOf(file, { 'a.md': before, 'b.md': before }, { 'a.md': after });
    const { verdict, findings } = await reviewers.redoing(patch);
    t.is(verdict, 'reject');
    t.regex(findings.join('\n'), /b\.md/);
  });
}
