// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { Json } from '../../src/data/digest.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { demandsOf } from '../../src/markdown/demands.ts';
import { type NoteFacts, normaliseNote } from '../../src/markdown/normalise-note.ts';

type Given = {
  readonly text: string;
  readonly path?: string;
  readonly rules?: Readonly<Record<string, Json>>;
  readonly acceptance?: readonly string[];
  readonly facts?: NoteFacts;
};

const standing = ['The frontmatter of every note is normalised'];

const normalise = ({
  text,
  path = 'notes/my note.md',
  rules = {},
  acceptance = standing,
  facts = {},
}: Given) => {
  const demands = demandsOf(acceptance, rules, path);
  if (isRefused(demands)) return `! ${demands.refused}`;
  const done = normaliseNote({ path, text, facts }, demands);
  return isRefused(done) ? `! ${done.refused}` : done.text;
};

const gives = test.macro({
  title: (name) => `normalises: ${name}`,
  exec(t, input: Given, expected: string) {
    t.is(normalise(input), expected);
    t.is(normalise({ ...input, text: expected }), expected, 'a second time changes nothing');
  },
});

const refuses = test.macro({
  title: (name) => `refuses: ${name}`,
  exec(t, input: Given, expected: RegExp) {
    const said = normalise(input);
    t.true(said.startsWith('! '), said);
    t.regex(said, expected);
  },
});

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
  'tags with spaces between commas',
  refuses,
  { text: '---\ntags: machine learning, ai\n---\n' },
  /not a list of words/,
);

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
