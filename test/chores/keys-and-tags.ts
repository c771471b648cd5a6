// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive } from '../../bench/codegen/drive.ts';
import { openChores } from '../../src/chore/chores.ts';
import { declines, does } from '../actions/codegen/macros.ts';
import { approved, rejected } from '../actions/review-peer/macros.ts';
import { each } from '../each.ts';
import { bothApprove } from './ask-judges.ts';
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

const both = (block: string) => `---\n${block}\n---\n# T\n`;

each(worked, {
  'a key renamed to tags, and those in lower case': [
    [...rename, ...lower],
    { 'a.md': old },
    { 'a.md': renamed.replace('B]', 'b]') },
  ],
  'tags beside comments, in quotes and between empty lines': [
    lower,
    {
      'a.md': both('tags: [A, "B"] # mine'),
      'b.md': both('"tags":\n\n- C#\n\n- don\'t\n- a # b'),
    },
    {
      'a.md': both('tags: [a, b] # mine'),
      'b.md': both('"tags":\n\n- "c#"\n\n- don\'t\n- a # b'),
    },
  ],
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

test('notes that cannot be done are named as left', async (t) => {
  const leftIn = async (acceptance: readonly string[], files: Record<string, string>) => {
    const { result } = await drive(files, { title: 'T', scope: '**', acceptance: [...acceptance] });
    return (result as { readonly left: readonly { readonly path: string }[] }).left;
  };
  const tags = { 'a.md': mixed, 'b.md': both('tags: A, B'), 'c.md': both('tags:\n- A # x\n- b') };
  t.deepEqual(await leftIn(lower, { ...tags, 'd.md': both('tags: [[A], b]') }), [
    { path: 'b.md', reason: 'has tags that are not a list' },
    { path: 'c.md', reason: 'has comments inside tags that would be lost' },
    { path: 'd.md', reason: 'has tags that are more than words' },
  ]);
  t.deepEqual(await leftIn(rename, { 'a.md': old, 'b.md': both('categories: [a]\ntags: [b]') }), [
    { path: 'b.md', reason: 'has tags as well' },
  ]);
});

const titled = 'Every note has a title';
const ordered = 'The key order is title, tags';

each(bothApprove, {
  'good: a title, and another key': [
    [titled, 'Rename the key `categories` to `kind`'],
    { 'a.md': both('categories: [x]') },
    { 'a.md': both('title: T\nkind: [x]') },
  ],
  'good: a title, and tags in lower case': [
    [titled, ...lower],
    { 'a.md': both('tags: [X, b]') },
    { 'a.md': both('title: T\ntags: [x, b]') },
  ],
  'good: the whole block, and tags in lower case': [
    ['Every note has normalised frontmatter', ...lower],
    { 'a.md': both('tags: [X]') },
    { 'a.md': both('title: T\ntags: [x]') },
  ],
  'good: an order, another key and tags in lower case': [
    [ordered, 'Rename the key `categories` to `kind`', ...lower],
    { 'a.md': both('tags: [X]\ncategories: y\ntitle: T') },
    { 'a.md': both('title: T\ntags: [x]\nkind: y') },
  ],
});

each(rejected, {
  'a key: in text above a line, where there is no block': [
    named,
    { 'a.md': 'Intro\ncategories: x\n---\n' },
    { 'a.md': 'Intro\ntags: x\n---\n' },
  ],
  'a key: one of two notes': [named, { 'a.md': old, 'b.md': old }, { 'a.md': renamed }],
  'a key: its old name stays where other things change': [
    { acceptance: [...rename, 'No file has trailing whitespace'] },
    { 'a.md': old, 'b.md': `${old}text \n` },
    { 'a.md': renamed, 'b.md': `${old}text\n` },
  ],
  'tags: one of two notes': [styled, { 'a.md': mixed, 'b.md': mixed }, { 'a.md': lowered }],
  'tags: a comment between them, with apostrophes around': [
    styled,
    { 'a.md': both("tags:\n  - Don't\n  - A") },
    { 'a.md': both("tags:\n  - don't\n  # it's approved, isn't it\n  - a") },
  ],
  'tags: a comment behind, with apostrophes around': [
    styled,
    { 'a.md': both("tags:\n  - Don't\n  - A") },
    { 'a.md': both("tags:\n  - don't\n  - a # it's fine") },
  ],
  'tags: a line among them that ends in another way': [
    styled,
    { 'a.md': mixed },
    { 'a.md': lowered.replace('- js\n', '- js\r\n') },
  ],
  'tags: a tab before one': [
    styled,
    { 'a.md': mixed },
    { 'a.md': lowered.replace('- js', '-\tjs') },
  ],
  'tags: another comment than before': [
    styled,
    { 'a.md': both('tags: [A] # mine') },
    { 'a.md': both('tags: [a] # yours') },
  ],
  'tags: a text that some readers take for a truth': [
    styled,
    { 'a.md': both('tags: ["ON", A]') },
    { 'a.md': both('tags: [on, a]') },
  ],
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
