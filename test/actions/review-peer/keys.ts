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

const tags = ask('Every note has tags');

const order = ask('The key order is title, tags');

const gone = ask('The status of every note is removed');

const fixed = ask('The title of every note is "Note one"');

const flag = (value: string) => ({ 'a.md': `---\ntitle: Note\ndraft: ${value}\n---\nText.\n` });

const published = ask('`draft` is `false`');

const counted = ask('`draft` is `5`');

const named = ask('The title of every note is taken from the file name');

const fromHeading = ask('The title of every note is taken from its first heading');

const whole = { acceptance: ['Every note has normalised frontmatter'] };

each(approved, {
  'a title, tags kept': [kept, { 'a.md': before }, { 'a.md': titled }],
  'normalised, but for the tags': [
    ask('Every note has normalised frontmatter', 'The tags of every note are kept'),
    { 'a.md': before },
    { 'a.md': titled },
  ],
  'tags alone': [tags, { 'a.md': before }, { 'a.md': tagged + body }],
  'only the order': [
    order,
    { 'a.md': `---\n${untidy}title: T\n---\n${body}` },
    { 'a.md': `---\ntitle: T\n${untidy}---\n${body}` },
  ],
  'a key removed': [gone, { 'a.md': `---\n${untidy}status: x\n---\n${body}` }, { 'a.md': before }],
  'a given title': [
    fixed,
    { 'a.md': titled },
    { 'a.md': titled.replace('title: Note', 'title: Note one') },
  ],
  'a truth value': [published, flag('true'), flag('false')],
  'a number': [counted, flag('3'), flag('5')],
  'a title from the file name': [
    named,
    { 'My note.md': before },
    { 'My note.md': titled.replace('title: Note', 'title: My note') },
  ],
  'a title from the file name in words': [
    named,
    { 'my-note.md': titled },
    { 'my-note.md': titled.replace('title: Note', 'title: My note') },
  ],
  'another title from the heading': [
    fromHeading,
    { 'a.md': '---\nTitle: X\n---\n## Note\n' },
    { 'a.md': '---\nTitle: Note\n---\n## Note\n' },
  ],
  'a description from the heading': [
    ask('The description of every note is taken from its first heading'),
    { 'a.md': before },
    { 'a.md': titled.replace('title', 'description') },
  ],
  'a number sign in a value is no comment': [
    whole,
    { 'a.md': '---\ntags: "b, #a"\n---\n# A\n' },
    { 'a.md': '---\ntags: [a, b]\ntitle: A\n---\n# A\n' },
  ],
});

each(rejected, {
  'tags not kept': [
    kept,
    { 'a.md': before },
    { 'a.md': titled.replace('[z, a]', '[a, tag1, z]') },
    /tags/,
  ],
  'tags kept but written another way': [
    kept,
    { 'a.md': before },
    { 'a.md': titled.replace('[z, a]', '["z", a]') },
    /tags/,
  ],
  'a title where tags were asked for': [
    tags,
    { 'a.md': before },
    { 'a.md': `${tagged.replace('tags', 'title: Note\ntags')}${body}` },
    /title/,
  ],
  'the order, and tags sorted': [
    order,
    { 'a.md': `---\n${untidy}title: T\n---\n${body}` },
    { 'a.md': `---\ntitle: T\ntags: [a, z]\n---\n${body}` },
  ],
  'a key removed, and a title added': [
    gone,
    { 'a.md': `---\n${untidy}status: x\n---\n${body}` },
    { 'a.md': titled },
    /title/,
  ],
  'another title': [fixed, { 'a.md': before }, { 'a.md': titled }, /title/],
  'a truth value as text': [published, flag('true'), flag('"false"'), /draft/],
  'a truth value in a list': [published, flag('true'), flag('[false]'), /draft/],
  'a number in the place of text': [counted, flag('"3"'), flag('5'), /draft/],
  'a title that is to be the heading': [
    fromHeading,
    { 'a.md': '---\ntitle: X\nx: 1\n---\n# Note\n' },
    { 'a.md': '---\ntitle: Y\nx: 1\n---\n# Note\n' },
    /title/,
  ],
  'a title from a heading that is not there': [
    fromHeading,
    { 'a.md': '---\nx: 1\n---\n' },
    { 'a.md': '---\nx: 1\ntitle: A\n---\n' },
    /heading/,
  ],
  'an empty list where tags were asked for': [
    tags,
    { 'a.md': '# A\n' },
    { 'a.md': '---\ntags: []\n---\n# A\n' },
    /tags/,
  ],
  'a title from the heading instead': [
    named,
    { 'My note.md': before },
    { 'My note.md': titled },
    /title/,
  ],
});

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
  ],
  'another order where none was asked for': [
    whole,
    { 'a.md': '---\nx: 1\ntags: []\ny: 2\n---\n# A\n' },
    { 'a.md': '---\ntags: []\nx: 1\ny: 2\ntitle: A\n---\n# A\n' },
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
