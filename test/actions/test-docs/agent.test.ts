// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { green, red, standing } from './with-test-docs.ts';

const note = '---\n# c\na: 1 # d\ntags: [z]\nb:\n  - x\n---\n# H\n#y [l](x.md)\n';
const good = '---\n# c\na: 1 # d\ntags: [y, z]\nb:\n  - x\ntitle: H\n---\n# H\n#y [l](x.md)\n';
const plain = '# H\n#y\n';
const made = '---\ntitle: H\ntags: [y]\n---\n# H\n#y\n';

test('edited', green, { before: note, after: good });
test('made', green, { before: plain, after: made });
test('already so', green, { before: made });
test('CRLF and BOM', green, {
  before: `\uFEFF${note}`.replaceAll('\n', '\r\n'),
  after: `\uFEFF${good}`.replaceAll('\n', '\r\n'),
});
test('a rule at the top', green, {
  before: '---\n\n# H\n\n---\nx\n',
  after: '---\ntitle: H\ntags: []\n---\n---\n\n# H\n\n---\nx\n',
});
test('odd keys', green, {
  before: '---\n? [a]\n: b\n1: x\n"1": y\n---\n',
  after: '---\n? [a]\n: b\n1: x\n"1": y\ntitle: note\ntags: []\n---\n',
});
test('in braces', green, {
  before: '---\n{a: 1}\n---\n',
  after: '---\n{a: 1, title: note, tags: []}\n---\n',
});

test('nothing done', red, { before: note }, /title is missing/);
test('text changed', red, { before: note, after: good.replace('# H\n#y', '# H\n\n#y') }, /body/);
test('last break gone', red, { before: note, after: good.slice(0, -1) }, /body/);
test('text cut', red, { before: note, after: good.replace('[l](x.md)', '') }, /body/);
test('BOM gone', red, { before: `\uFEFF${plain}`, after: made }, /byte order mark/);
test('BOM made', red, { before: plain, after: `\uFEFF${made}` }, /byte order mark/);
test(
  'line breaks of the text',
  red,
  { before: plain, after: made.replaceAll('\n', '\r\n') },
  /body/,
);
test(
  'line breaks of the frontmatter',
  red,
  {
    before: note.replaceAll('\n', '\r\n'),
    after: good
      .replace(/^[\s\S]*---\n/, (front) => front)
      .split('# H\n')
      .join('# H\r\n')
      .replace(/md\)\n$/, 'md)\r\n'),
  },
  /is gone or has changed|around/,
);
test('a comment gone', red, { before: note, after: good.replace('# c\n', '') }, /is gone/);
test(
  'a comment beside a value gone',
  red,
  { before: note, after: good.replace(' # d', '') },
  /is gone/,
);
test(
  'a value changed',
  red,
  { before: note, after: good.replace('a: 1', 'a: 2') },
  /the key a has changed/,
);
test(
  'quoted anew',
  red,
  { before: note, after: good.replace('- x', '- "x"') },
  /is gone or has changed/,
);
test(
  'a key gone',
  red,
  { before: note, after: good.replace('a: 1 # d\n', '# d\n') },
  /a has changed/,
);
test(
  'a key added',
  red,
  { before: note, after: good.replace('title', 'x: 1\ntitle') },
  /x was added/,
);
test(
  'keys in another order',
  red,
  { before: '---\na: 1\nb: 2\n---\n', after: '---\nb: 2\na: 1\ntitle: note\ntags: []\n---\n' },
  /order of the keys/,
);
test(
  'comments in another order',
  red,
  {
    before: '---\na:\n  # one\n  - 1\n  # two\n  - 2\n---\n',
    after: '---\na:\n  # two\n  - 1\n  # one\n  - 2\ntitle: note\ntags: []\n---\n',
  },
  /lines of "a/,
);
test(
  'another title',
  red,
  { before: plain, after: made.replace('title: H', 'title: G') },
  /neither the heading/,
);
test(
  'a title that was there',
  red,
  { before: made, after: made.replace('title: H', 'title: G') },
  /title/,
);
test('a tag missing', red, { before: note, after: good.replace('[y, z]', '[z]') }, /tags are not/);
test(
  'a tag made up',
  red,
  { before: note, after: good.replace('[y, z]', '[w, y, z]') },
  /tags are not/,
);
test(
  'tags not sorted',
  red,
  { before: note, after: good.replace('[y, z]', '[z, y]') },
  /tags are not/,
);
test('tags as text', red, { before: note, after: good.replace('[y, z]', 'y z') }, /not a list/);
test(
  'frontmatter twice',
  red,
  { before: note, after: `---\ntitle: H\ntags: [y]\n---\n${note}` },
  /body/,
);
test(
  'invalid YAML',
  red,
  { before: note, after: good.replace('title: H', 'title: H\ntitle: G') },
  /body|YAML/,
);
test('removed', red, { before: note, after: null }, /removed/);
test('conflict markers', red, { before: '<<<<<<< HEAD\n' }, /conflict/);
test('no UTF-8', red, { before: Buffer.from([0x61, 0xff]) }, /UTF-8/);
test(
  'another file changed',
  red,
  { before: plain, after: made, others: { 'x.txt': 'a' }, otherPatch: { 'x.txt': 'b' } },
  /x\.txt: header: the spec asks for no change/,
);
test(
  'another file made',
  red,
  { before: plain, after: made, otherPatch: { 'x.md': 'b' } },
  /the file is new/,
);
test(
  'a link that led to a removed file',
  red,
  { before: `${made}[x](o.md)`, others: { 'o.md': made }, otherPatch: { 'o.md': null } },
  /no longer resolves|removed/,
);

test(
  'a sentence that is not understood',
  red,
  { before: made, acceptance: [...standing, 'It sings'] },
  /It sings/,
);
test(
  'nothing asked',
  red,
  { before: made, acceptance: ['Every link resolves'] },
  /no sentence asks/,
);
test('an unknown rule', red, { before: made, rules: { shout: 1 } }, /rules/);

const ruled = {
  defaults: { draft: true },
  enums: { status: ['todo', 'done'] },
  status: ['todo', 'done'],
  order: ['title'],
};
test('with rules', green, {
  before: '---\na: 1\n---\n#done\n',
  after: '---\ntitle: note\na: 1\ntags: [done]\nstatus: done\ndraft: true\n---\n#done\n',
  rules: ruled,
});
test(
  'status not from the hashtags',
  red,
  {
    before: '#done\n',
    after: '---\ntitle: note\ntags: [done]\nstatus: todo\ndraft: true\n---\n#done\n',
    rules: ruled,
  },
  /hashtags say/,
);
test(
  'not in the order asked',
  red,
  {
    before: '---\na: 1\n---\n#done\n',
    after: '---\na: 1\ntitle: note\ntags: [done]\nstatus: done\ndraft: true\n---\n#done\n',
    rules: ruled,
  },
  /requested order/,
);
test(
  'default missing',
  red,
  {
    before: '#done\n',
    after: '---\ntitle: note\ntags: [done]\nstatus: done\n---\n#done\n',
    rules: ruled,
  },
  /default/,
);
const dated = {
  before: 'x\n',
  after: '---\ntitle: note\ntags: []\ndate: "2024-01-02"\n---\nx\n',
  rules: { date: 'first-commit' },
};
test('first commit', green, { ...dated, firstCommitDates: { 'note.md': '2024-01-02' } });
test(
  'another date',
  red,
  { ...dated, firstCommitDates: { 'note.md': '2024-01-03' } },
  /first-commit/,
);
test('a date nobody can vouch for', red, dated, /first-commit/);

const toml = '+++\ntitle = "T"\n+++\ntext\n';
test(
  'a block on top of TOML frontmatter',
  red,
  { before: toml, after: `---\ntitle: note\ntags: []\n---\n${toml}` },
  /TOML frontmatter/,
);
