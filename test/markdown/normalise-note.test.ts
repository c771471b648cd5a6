// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { writeText } from '../../src/markdown/yaml-value.ts';
import { gives, refuses } from './normalising.ts';

const standing = ['The frontmatter of every note is normalised'];

test('empty file', gives, { text: '' }, '---\ntitle: my note\ntags: []\n---\n');
test(
  'heading and hashtags',
  gives,
  { text: '# 🎉 *Hi*\n#b #a\n' },
  '---\ntitle: Hi\ntags: [a, b]\n---\n# 🎉 *Hi*\n#b #a\n',
);
test(
  'a file name with dots',
  gives,
  { text: 'x', path: '2024.01.02.md' },
  '---\ntitle: "2024.01.02"\ntags: []\n---\nx',
);
test(
  'title kept',
  gives,
  { text: '---\ntitle: 5\n---\n# H\n' },
  '---\ntitle: 5\ntags: []\n---\n# H\n',
);
test(
  'empty title',
  gives,
  { text: '---\ntitle: ""\ntags: []\n---\n# H\n' },
  '---\ntitle: H\ntags: []\n---\n# H\n',
);
test(
  'two titles: the first heading',
  gives,
  { text: '# A\n# B\n' },
  '---\ntitle: A\ntags: []\n---\n# A\n# B\n',
);
test(
  'tags joined and sorted',
  gives,
  { text: '---\ntitle: t\ntags: [z, B]\n---\n#a #z\n' },
  '---\ntitle: t\ntags: [B, a, z]\n---\n#a #z\n',
);
test(
  'tags as words',
  gives,
  { text: '---\ntitle: t\ntags: z, a\n---\n' },
  '---\ntitle: t\ntags: [a, z]\n---\n',
);
test(
  'tags of several words between commas',
  gives,
  { text: '---\ntitle: t\ntags: site performance, accessibility\n---\n' },
  '---\ntitle: t\ntags: [accessibility, site performance]\n---\n',
);
test(
  'a hashtag that is there in another spelling',
  gives,
  { text: '---\ntitle: t\ntags: [Work]\n---\n#work #WORK #new\n' },
  '---\ntitle: t\ntags: [Work, new]\n---\n#work #WORK #new\n',
);
test(
  'conflict marks in an example',
  gives,
  { text: '# T\n\n```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> br\n```\n' },
  '---\ntitle: T\ntags: []\n---\n# T\n\n```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> br\n```\n',
);
test(
  'tags with their marks',
  gives,
  { text: '---\ntitle: t\ntags: ["#z", a]\n---\n#z\n' },
  '---\ntitle: t\ntags: [a, z]\n---\n#z\n',
);
test(
  'an empty entry',
  gives,
  { text: '---\ntitle: t\ntags:\n  - \n  - a\n---\n' },
  '---\ntitle: t\ntags:\n  - a\n---\n',
);
test(
  'already so',
  gives,
  { text: '---\ntags: [a, b] # c\ntitle: t\n---\n#a\n' },
  '---\ntags: [a, b] # c\ntitle: t\n---\n#a\n',
);
test(
  'title merged in',
  gives,
  { text: '---\nb: &b {title: m}\n<<: *b\ntags: []\n---\n# H\n' },
  '---\nb: &b {title: m}\n<<: *b\ntags: []\n---\n# H\n',
);

test(
  'a title that is a list',
  refuses,
  { text: '---\ntitle: [a]\n---\n' },
  /title that is not text/,
);
test('tags that are maps', refuses, { text: '---\ntags: [{a: 1}]\n---\n' }, /not a list of words/);
test(
  'a text of several words',
  refuses,
  { text: '---\ntags: machine learning\n---\n' },
  /not a list of words/,
);
test('numbers as nobody else writes them', refuses, { text: '---\ntags: [010, 10]\n---\n' }, /010/);
test(
  'a number with a zero at its end',
  refuses,
  { text: '---\ntags: [1.1, 1.10]\n---\n' },
  /1\.10/,
);
test('a heading with template code', refuses, { text: '# Hi {{ name }}!' }, /template code/);
test('conflict marks', refuses, { text: 'a\n<<<<<<< HEAD\nb\n' }, /conflict markers \(line 2\)/);

test(
  'defaults, required and order',
  gives,
  {
    text: '---\ntags: []\nstatus:\n---\n# H\n',
    rules: {
      defaults: { status: 'draft', draft: true },
      required: ['status'],
      order: ['title', 'status'],
    },
  },
  '---\ntitle: H\nstatus: draft\ntags: []\ndraft: true\n---\n# H\n',
);
test(
  'status from hashtags',
  gives,
  { text: '# H\n#wip\n', rules: { status: { from: { wip: 'doing' } } } },
  '---\ntitle: H\ntags: [wip]\nstatus: doing\n---\n# H\n#wip\n',
);
test(
  'status that is there',
  gives,
  {
    text: '---\nstatus: done\ntitle: t\ntags: [wip]\n---\n#wip',
    rules: { status: ['wip', 'done'] },
  },
  '---\nstatus: done\ntitle: t\ntags: [wip]\n---\n#wip',
);
test(
  'date of the first commit',
  gives,
  {
    text: '# H\n',
    rules: { date: 'first-commit', types: { date: 'date' } },
    facts: { firstCommitDate: '2024-02-29' },
  },
  '---\ntitle: H\ntags: []\ndate: "2024-02-29"\n---\n# H\n',
);
test(
  'slug of the title',
  gives,
  { text: '# Größe & Café\n', rules: { slug: 'title' } },
  '---\ntitle: Größe & Café\ntags: []\nslug: große-cafe\n---\n# Größe & Café\n'.replace(
    'große',
    'große',
  ),
);
for (const [script, heading, slug] of [
  ['an apostrophe', "What's new? Don’t panic", 'whats-new-dont-panic'],
  ['Cyrillic', 'Мой край', 'мой-край'],
  ['Devanagari', 'हिन्दी में', 'हिन्दी-में'],
  ['kana', 'パンプキン', 'パンプキン'],
  ['Thai', 'เรื่องนี้', 'เรื่องนี้'],
] as const) {
  test(
    `slug with ${script}`,
    gives,
    { text: `# ${heading}\n`, rules: { slug: 'title' } },
    `---\ntitle: ${writeText(heading)}\ntags: []\nslug: ${slug}\n---\n# ${heading}\n`,
  );
}
test(
  'only the keys a sentence names',
  gives,
  { text: '#a\n', acceptance: ['Every note has a title'] },
  '---\ntitle: my note\n---\n#a\n',
);
test(
  'a sentence about other files',
  gives,
  { text: '#a\n', acceptance: ['Every file in `other/` has normalised frontmatter'] },
  '#a\n',
);

test(
  'two statuses',
  refuses,
  { text: '#todo #done', rules: { status: ['todo', 'done'] } },
  /several statuses/,
);
test(
  'a value off its list',
  refuses,
  { text: '---\nstatus: x\n---\n', rules: { enums: { status: ['a', 'b'] } } },
  /not one of a, b/,
);
test(
  'a value of another type',
  refuses,
  { text: '---\ndate: 2024-02-30\n---\n', rules: { types: { date: 'date' } } },
  /not of type date/,
);
test(
  'nothing says which value to set',
  refuses,
  { text: 'x', rules: { required: ['author'] } },
  /has no author/,
);
test(
  'an unknown first commit',
  refuses,
  { text: 'x', rules: { date: 'first-commit' } },
  /not known/,
);
test('an unknown rule', refuses, { text: 'x', rules: { shout: true } }, /rules\./);
test(
  'a sentence that is not understood',
  refuses,
  { text: 'x', acceptance: [...standing, 'Every note reads like poetry'] },
  /reads like poetry/,
);
test(
  'a sentence about other work',
  refuses,
  { text: 'x', acceptance: [...standing, 'All *.md have GPL header'] },
  /header/,
);
test(
  'no chore at all',
  refuses,
  { text: 'x', acceptance: ['Every link resolves'] },
  /no acceptance sentence/,
);
test(
  'here and gone',
  refuses,
  { text: 'x', acceptance: [...standing, 'The key `title` is removed'] },
  /asks to set and to remove/,
);
