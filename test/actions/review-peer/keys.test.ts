// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { each } from '../../each.ts';
import { approved, rejected } from './macros.ts';

/** Sentences that speak of some keys alone: all others stay as they are. */
const ask = (...sentences: readonly string[]) => ({
  acceptance: [...sentences, 'Nothing else changes'],
});
const untidy = 'tags: [z, a]\n';
const body = '# Note\n\nText #tag1\n';
const titled = `---\ntitle: Note\n${untidy}---\n${body}`;
const before = `---\n${untidy}---\n${body}`;
const tagged = '---\ntags: [a, tag1, z]\n---\n';

const title = ask('Every note has a title');

each(approved, {
  'a title, tags as they were': [title, { 'a.md': before }, { 'a.md': titled }],
  'a title for a note with hashtags and no tags': [
    title,
    { 'a.md': body },
    { 'a.md': `---\ntitle: Note\n---\n${body}` },
  ],
});

each(rejected, {
  'tags are sorted where a title was asked for': [
    title,
    { 'a.md': before },
    { 'a.md': titled.replace('[z, a]', '[a, z]') },
    /tags/,
  ],
  'tags are added where a title was asked for': [
    title,
    { 'a.md': body },
    { 'a.md': `---\ntitle: Note\ntags: [tag1]\n---\n${body}` },
  ],
  'no title where one was asked for': [
    title,
    { 'a.md': '---\ntitle:\nx: 1\n---\n# A\n' },
    { 'a.md': '---\ntitle: ""\nx: 1\n---\n# A\n' },
    /title/,
  ],
});

const kept = ask('Every note has a title', 'The tags of every note are kept');
test('a title, tags kept', approved, kept, { 'a.md': before }, { 'a.md': titled });
test(
  'tags not kept',
  rejected,
  kept,
  { 'a.md': before },
  { 'a.md': titled.replace('[z, a]', '[a, tag1, z]') },
  /tags/,
);
test(
  'tags kept but written another way',
  rejected,
  kept,
  { 'a.md': before },
  { 'a.md': titled.replace('[z, a]', '["z", a]') },
  /tags/,
);
test(
  'normalised, but for the tags',
  approved,
  ask('Every note has normalised frontmatter', 'The tags of every note are kept'),
  { 'a.md': before },
  { 'a.md': titled },
);

const tags = ask('Every note has tags');
test('tags alone', approved, tags, { 'a.md': before }, { 'a.md': tagged + body });
test(
  'a title where tags were asked for',
  rejected,
  tags,
  { 'a.md': before },
  { 'a.md': `${tagged.replace('tags', 'title: Note\ntags')}${body}` },
  /title/,
);

const order = ask('The key order is title, tags');
test(
  'only the order',
  approved,
  order,
  { 'a.md': `---\n${untidy}title: T\n---\n${body}` },
  { 'a.md': `---\ntitle: T\n${untidy}---\n${body}` },
);
test(
  'the order, and tags sorted',
  rejected,
  order,
  { 'a.md': `---\n${untidy}title: T\n---\n${body}` },
  { 'a.md': `---\ntitle: T\ntags: [a, z]\n---\n${body}` },
  /tags/,
);

const gone = ask('The status of every note is removed');
test(
  'a key removed',
  approved,
  gone,
  { 'a.md': `---\n${untidy}status: x\n---\n${body}` },
  { 'a.md': before },
);
test(
  'a key removed, and a title added',
  rejected,
  gone,
  { 'a.md': `---\n${untidy}status: x\n---\n${body}` },
  { 'a.md': titled },
  /title/,
);

const fixed = ask('The title of every note is "Note one"');
test(
  'a given title',
  approved,
  fixed,
  { 'a.md': titled },
  { 'a.md': titled.replace('title: Note', 'title: Note one') },
);
test('another title', rejected, fixed, { 'a.md': before }, { 'a.md': titled }, /title/);

const flag = (value: string) => ({ 'a.md': `---\ntitle: Note\ndraft: ${value}\n---\nText.\n` });
const published = ask('`draft` is `false`');
test('a truth value', approved, published, flag('true'), flag('false'));
test('a truth value as text', rejected, published, flag('true'), flag('"false"'), /draft/);
test('a truth value in a list', rejected, published, flag('true'), flag('[false]'), /draft/);

const counted = ask('`draft` is `5`');
test('a number', approved, counted, flag('3'), flag('5'));
test('a number in the place of text', rejected, counted, flag('"3"'), flag('5'), /draft/);

const named = ask('The title of every note is taken from the file name');
test(
  'a title from the file name',
  approved,
  named,
  { 'My note.md': before },
  { 'My note.md': titled.replace('title: Note', 'title: My note') },
);
test(
  'a title from the heading instead',
  rejected,
  named,
  { 'My note.md': before },
  { 'My note.md': titled },
  /title/,
);
test(
  'a description from the heading',
  approved,
  ask('The description of every note is taken from its first heading'),
  { 'a.md': before },
  { 'a.md': titled.replace('title', 'description') },
);

const whole = { acceptance: ['Every note has normalised frontmatter'] };

test(
  'a number sign in a value is no comment',
  approved,
  whole,
  { 'a.md': '---\ntags: "b, #a"\n---\n# A\n' },
  { 'a.md': '---\ntags: [a, b]\ntitle: A\n---\n# A\n' },
);

each(rejected, {
  'a comment behind a key that goes': [
    gone,
    { 'a.md': '---\nstatus: x # why\n# stays\ntitle: A\n---\n# A\n' },
    { 'a.md': '---\n# stays\ntitle: A\n---\n# A\n' },
    /comment/,
  ],
  'a comment above a key that goes': [
    gone,
    { 'a.md': '---\n# stays\nstatus: x # why\ntitle: A\n---\n# A\n' },
    { 'a.md': '---\ntitle: A\n---\n# A\n' },
    /comment/,
  ],
  'another order where none was asked for': [
    whole,
    { 'a.md': '---\nx: 1\ntags: []\ny: 2\n---\n# A\n' },
    { 'a.md': '---\ntags: []\nx: 1\ny: 2\ntitle: A\n---\n# A\n' },
    /order/,
  ],
  'no tags where tags were asked for': [
    ask('Every note has a title and tags'),
    { 'a.md': '# A\n' },
    { 'a.md': '---\ntitle: A\n---\n# A\n' },
    /tags/,
  ],
  'a title that is merged in': [
    named,
    { 'a.md': '---\nb: &b {title: M}\n<<: *b\n---\n# N\n' },
    { 'a.md': '---\nb: &b {title: M}\n<<: *b\ntitle: a\n---\n# N\n' },
    /title/,
  ],
});

const foreign = { TOML: '+++\ntitle = "A"\n+++\n\nText\n', JSON: '{\n  "title": "A"\n}\n\nText\n' };
for (const [language, text] of Object.entries(foreign)) {
  test(
    `${language} frontmatter below a new block`,
    rejected,
    whole,
    { 'a.md': text },
    { 'a.md': `---\ntitle: a\ntags: []\n---\n${text}` },
    new RegExp(`${language} frontmatter`),
  );
}

test(
  'a comment within a value that goes',
  approved,
  ask('The tags of every note are removed'),
  { 'a.md': '---\ntitle: A\ntags:\n  - q # why\n  - b\n---\n# A\n' },
  { 'a.md': '---\ntitle: A\n---\n# A\n' },
);
