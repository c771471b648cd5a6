// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { each } from '../../each.ts';
import { green, red, standing } from './with-test-docs.ts';

const note = '---\n# c\na: 1 # d\ntags: [z]\nb:\n  - x\n---\n# H\n#y [l](x.md)\n';
const good = '---\n# c\na: 1 # d\ntags: [y, z]\nb:\n  - x\ntitle: H\n---\n# H\n#y [l](x.md)\n';
const fromHeading = 'The title of every note is taken from its first heading';
const plain = '# H\n#y\n';
const made = '---\ntitle: H\ntags: [y]\n---\n# H\n#y\n';

each(green, {
  edited: [{ before: note, after: good }],
  made: [{ before: plain, after: made }],
  'already so': [{ before: made }],
  'CRLF and BOM': [
    {
      before: `\uFEFF${note}`.replaceAll('\n', '\r\n'),
      after: `\uFEFF${good}`.replaceAll('\n', '\r\n'),
    },
  ],
  'a rule at the top': [
    {
      before: '---\n\n# H\n\n---\nx\n',
      after: '---\ntitle: H\n---\n---\n\n# H\n\n---\nx\n',
    },
  ],
  'odd keys': [
    {
      before: '---\n? [a]\n: b\n1: x\n"1": y\n---\n',
      after: '---\n? [a]\n: b\n1: x\n"1": y\ntitle: Note\n---\n',
    },
  ],
  'keys in capitals': [
    {
      before: '---\nTitle: a\nTags: [z]\n---\n#y\n',
      after: '---\nTitle: a\nTags: [y, z]\n---\n#y\n',
    },
  ],
  'a title that is taken': [
    {
      before: '---\nTITLE: X\n---\n## H\n',
      after: '---\nTITLE: H\n---\n## H\n',
      acceptance: [fromHeading],
    },
  ],
  'in braces': [{ before: '---\n{a: 1}\n---\n', after: '---\n{a: 1, title: Note}\n---\n' }],
});

each(red, {
  'nothing done': [{ before: note }, /title is missing/],
  'text changed': [{ before: note, after: good.replace('# H\n#y', '# H\n\n#y') }, /body/],
  'last break gone': [{ before: note, after: good.slice(0, -1) }, /body/],
  'text cut': [{ before: note, after: good.replace('[l](x.md)', '') }, /body/],
  'BOM gone': [{ before: `\uFEFF${plain}`, after: made }, /byte order mark/],
  'BOM made': [{ before: plain, after: `\uFEFF${made}` }, /byte order mark/],
  'line breaks of the text': [{ before: plain, after: made.replaceAll('\n', '\r\n') }, /body/],
  'line breaks of the frontmatter': [
    {
      before: note.replaceAll('\n', '\r\n'),
      after: good
        .replace(/^[\s\S]*---\n/, (front) => front)
        .split('# H\n')
        .join('# H\r\n')
        .replace(/md\)\n$/, 'md)\r\n'),
    },
    /is gone or has changed|around/,
  ],
  'a comment gone': [{ before: note, after: good.replace('# c\n', '') }, /is gone/],
  'a comment beside a value gone': [{ before: note, after: good.replace(' # d', '') }, /is gone/],
  'a value changed': [
    { before: note, after: good.replace('a: 1', 'a: 2') },
    /the key a has changed/,
  ],
  'quoted anew': [{ before: note, after: good.replace('- x', '- "x"') }, /is gone or has changed/],
  'a key gone': [{ before: note, after: good.replace('a: 1 # d\n', '# d\n') }, /a has changed/],
  'a key added': [{ before: note, after: good.replace('title', 'x: 1\ntitle') }, /x was added/],
  'keys in another order': [
    { before: '---\na: 1\nb: 2\n---\n', after: '---\nb: 2\na: 1\ntitle: Note\n---\n' },
    /order of the keys/,
  ],
  'comments in another order': [
    {
      before: '---\na:\n  # one\n  - 1\n  # two\n  - 2\n---\n',
      after: '---\na:\n  # two\n  - 1\n  # one\n  - 2\ntitle: Note\n---\n',
    },
    /lines of "a/,
  ],
  'another title': [
    { before: plain, after: made.replace('title: H', 'title: G') },
    /neither the heading/,
  ],
  'a deeper heading': [
    { before: '## H\n', after: '---\ntitle: H\n---\n## H\n' },
    /neither the heading/,
  ],
  'the file name as it is': [
    { before: '', after: '---\ntitle: note\n---\n' },
    /neither the heading/,
  ],
  'a title that is to be taken': [
    { before: '---\ntitle: X\n---\n# H\n', acceptance: [fromHeading] },
    /title is not taken from the heading/,
  ],
  'an empty list of tags': [
    { before: '# H\n', after: '---\ntitle: H\ntags: []\n---\n# H\n' },
    /tags has changed/,
  ],
  'no tags where they are asked for': [
    { before: '---\ntags: []\n---\n', acceptance: ['Every note has tags'] },
    /there are no tags/,
  ],
  'a key beside itself in capitals': [
    { before: '---\nTitle: a\n---\n', after: '---\nTitle: a\ntitle: a\n---\n' },
    /title is there in another spelling/,
  ],
  'a key spelled anew': [
    { before: '---\nTitle: a\n---\n', after: '---\ntitle: a\n---\n' },
    /another spelling/,
  ],
  'a title that was there': [
    { before: made, after: made.replace('title: H', 'title: G') },
    /title/,
  ],
  'a tag missing': [{ before: note, after: good.replace('[y, z]', '[z]') }, /tags are not/],
  'a tag made up': [{ before: note, after: good.replace('[y, z]', '[w, y, z]') }, /tags are not/],
  'tags not sorted': [{ before: note, after: good.replace('[y, z]', '[z, y]') }, /tags are not/],
  'tags as text': [{ before: note, after: good.replace('[y, z]', 'y z') }, /not a list/],
  'frontmatter twice': [{ before: note, after: `---\ntitle: H\ntags: [y]\n---\n${note}` }, /body/],
  'invalid YAML': [
    { before: note, after: good.replace('title: H', 'title: H\ntitle: G') },
    /body|YAML/,
  ],
  removed: [{ before: note, after: null }, /removed/],
  'conflict markers': [{ before: '<<<<<<< HEAD\n' }, /conflict/],
  'no UTF-8': [{ before: Buffer.from([0x61, 0xff]) }, /UTF-8/],
  'another file changed': [
    { before: plain, after: made, others: { 'x.txt': 'a' }, otherPatch: { 'x.txt': 'b' } },
    /x\.txt: header: the spec asks for no change/,
  ],
  'another file made': [
    { before: plain, after: made, otherPatch: { 'x.md': 'b' } },
    /the file is new/,
  ],
  'a link that led to a removed file': [
    { before: `${made}[x](o.md)`, others: { 'o.md': made }, otherPatch: { 'o.md': null } },
    /no longer resolves|removed/,
  ],
  'a sentence that is not understood': [
    { before: made, acceptance: [...standing, 'It sings'] },
    /It sings/,
  ],
  'nothing asked': [{ before: made, acceptance: ['Every link resolves'] }, /no sentence asks/],
  'an unknown rule': [{ before: made, rules: { shout: 1 } }, /rules/],
});

const ruled = {
  defaults: { draft: true },
  enums: { status: ['todo', 'done'] },
  status: ['todo', 'done'],
  order: ['title'],
};

test('with rules', green, {
  before: '---\na: 1\n---\n#done\n',
  after: '---\ntitle: Note\na: 1\ntags: [done]\nstatus: done\ndraft: true\n---\n#done\n',
  rules: ruled,
});

each(red, {
  'status not from the hashtags': [
    {
      before: '#done\n',
      after: '---\ntitle: Note\ntags: [done]\nstatus: todo\ndraft: true\n---\n#done\n',
      rules: ruled,
    },
    /hashtags say/,
  ],
  'not in the order asked': [
    {
      before: '---\na: 1\n---\n#done\n',
      after: '---\na: 1\ntitle: Note\ntags: [done]\nstatus: done\ndraft: true\n---\n#done\n',
      rules: ruled,
    },
    /requested order/,
  ],
  'default missing': [
    {
      before: '#done\n',
      after: '---\ntitle: Note\ntags: [done]\nstatus: done\n---\n#done\n',
      rules: ruled,
    },
    /default/,
  ],
});
const dated = {
  before: 'x\n',
  after: '---\ntitle: Note\ndate: 2024-01-02\n---\nx\n',
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
  { before: toml, after: `---\ntitle: Note\n---\n${toml}` },
  /TOML frontmatter/,
);
