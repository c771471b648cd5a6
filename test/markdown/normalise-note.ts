// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { writeText } from '../../src/markdown/yaml-value.ts';
import { each } from '../each.ts';
import { gives, normalise, refuses } from './normalising.ts';

const standing = ['The frontmatter of every note is normalised'];

each(gives, {
  'empty file': [{ text: '' }, '---\ntitle: My note\n---\n'],
  'heading and hashtags': [
    { text: '# 🎉 *Hi*\n#b #a\n' },
    '---\ntitle: Hi\ntags: [a, b]\n---\n# 🎉 *Hi*\n#b #a\n',
  ],
  'a file name with dots': [
    { text: 'x', path: '2024.01.02.md' },
    '---\ntitle: "2024.01.02"\n---\nx',
  ],
  'title kept': [{ text: '---\ntitle: 5\n---\n# H\n' }, '---\ntitle: 5\n---\n# H\n'],
  'empty title': [
    { text: '---\ntitle: ""\ntags: []\n---\n# H\n' },
    '---\ntitle: H\ntags: []\n---\n# H\n',
  ],
  'two titles: the first heading': [{ text: '# A\n# B\n' }, '---\ntitle: A\n---\n# A\n# B\n'],
  'tags joined and sorted': [
    { text: '---\ntitle: t\ntags: [z, B]\n---\n#a #z\n' },
    '---\ntitle: t\ntags: [B, a, z]\n---\n#a #z\n',
  ],
  'tags as words': [
    { text: '---\ntitle: t\ntags: z, a\n---\n' },
    '---\ntitle: t\ntags: [a, z]\n---\n',
  ],
  'tags of several words between commas': [
    { text: '---\ntitle: t\ntags: site performance, accessibility\n---\n' },
    '---\ntitle: t\ntags: [accessibility, site performance]\n---\n',
  ],
  'a hashtag that is there in another spelling': [
    { text: '---\ntitle: t\ntags: [Work]\n---\n#work #WORK #new\n' },
    '---\ntitle: t\ntags: [Work, new]\n---\n#work #WORK #new\n',
  ],
  'conflict marks in an example': [
    { text: '# T\n\n```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> br\n```\n' },
    '---\ntitle: T\n---\n# T\n\n```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> br\n```\n',
  ],
  'tags with their marks': [
    { text: '---\ntitle: t\ntags: ["#z", a]\n---\n#z\n' },
    '---\ntitle: t\ntags: [a, z]\n---\n#z\n',
  ],
  'an empty entry': [
    { text: '---\ntitle: t\ntags:\n  - \n  - a\n---\n' },
    '---\ntitle: t\ntags:\n  - a\n---\n',
  ],
  'already so': [
    { text: '---\ntags: [a, b] # c\ntitle: t\n---\n#a\n' },
    '---\ntags: [a, b] # c\ntitle: t\n---\n#a\n',
  ],
  'no tags, and a key for them': [
    { text: '---\ntitle: t\ntags:\n---\n' },
    '---\ntitle: t\ntags:\n---\n',
  ],
  'only a deeper heading': [{ text: '## H\n' }, '---\ntitle: My note\n---\n## H\n'],
  'a deeper heading above': [{ text: '## H\n\n# T\n' }, '---\ntitle: My note\n---\n## H\n\n# T\n'],
  'a template in a deeper heading': [
    { text: '## {{ x }}\n' },
    '---\ntitle: My note\n---\n## {{ x }}\n',
  ],
  'keys in capitals': [
    { text: '---\nTitle: Big\nTags: [b]\n---\n# H\n#a\n' },
    '---\nTitle: Big\nTags: [a, b]\n---\n# H\n#a\n',
  ],
  'keys in capitals that are empty, removed, fixed and ordered': [
    {
      text: '---\nDATE: 1\nSTATUS: x\nTAGS: []\nTITLE:\nDraft: true\n---\n# H\n',
      acceptance: [
        ...standing,
        'The status of every note is removed',
        '`draft` is `false`',
        'The key order is title, date',
      ],
    },
    '---\nTITLE: H\nDATE: 1\nTAGS: []\nDraft: false\n---\n# H\n',
  ],
  'a key that the rules spell otherwise': [
    { text: '---\nStatus: x\ntitle: T\n---\n', rules: { defaults: { status: 'draft' } } },
    '---\nStatus: x\ntitle: T\n---\n',
  ],
  'a key in capitals in a sentence': [
    { text: '---\ntitle: T\n---\n# H\n', acceptance: ['The `Title` of every note is its heading'] },
    '---\ntitle: H\n---\n# H\n',
  ],
  'dates of a sentence and a rule': [
    {
      text: '---\ntitle: t\n---\n',
      acceptance: ['`x` of every note is `2024-05-01`'],
      rules: { defaults: { z: '2024-05-02' } },
    },
    '---\ntitle: t\nz: 2024-05-02\nx: 2024-05-01\n---\n',
  ],
  'a date as text': [
    { text: '---\nx: "2024-05-01"\n---\n', acceptance: ['`x` of every note is `2024-05-02`'] },
    '---\nx: "2024-05-02"\n---\n',
  ],
  'a date that is a name': [
    { text: '', path: '2024-05-01.md', rules: { slug: 'file-name' } },
    '---\ntitle: "2024-05-01"\nslug: "2024-05-01"\n---\n',
  ],
  'title merged in': [
    { text: '---\nb: &b {title: m}\n<<: *b\ntags: []\n---\n# H\n' },
    '---\nb: &b {title: m}\n<<: *b\ntags: []\n---\n# H\n',
  ],
  'defaults, required and order': [
    {
      text: '---\ntags: []\nstatus:\n---\n# H\n',
      rules: {
        defaults: { status: 'draft', draft: true },
        required: ['status'],
        order: ['title', 'status'],
      },
    },
    '---\ntitle: H\nstatus: draft\ntags: []\ndraft: true\n---\n# H\n',
  ],
  'no status where no hashtag has one': [
    { text: '# H\n', rules: { status: ['wip'] } },
    '---\ntitle: H\n---\n# H\n',
  ],
  'status from hashtags': [
    { text: '# H\n#wip\n', rules: { status: { from: { wip: 'doing' } } } },
    '---\ntitle: H\ntags: [wip]\nstatus: doing\n---\n# H\n#wip\n',
  ],
  'status that is there': [
    {
      text: '---\nstatus: done\ntitle: t\ntags: [wip]\n---\n#wip',
      rules: { status: ['wip', 'done'] },
    },
    '---\nstatus: done\ntitle: t\ntags: [wip]\n---\n#wip',
  ],
  'date of the first commit': [
    {
      text: '# H\n',
      rules: { date: 'first-commit', types: { date: 'date' } },
      days: { first: '2024-02-29' },
    },
    '---\ntitle: H\ndate: 2024-02-29\n---\n# H\n',
  ],
  'slug of the title': [
    { text: '# Größe & Café\n', rules: { slug: 'title' } },
    '---\ntitle: Größe & Café\nslug: große-cafe\n---\n# Größe & Café\n'.replace('große', 'große'),
  ],
});

each(refuses, {
  'a title that is a list': [{ text: '---\ntitle: [a]\n---\n' }, /title that is not text/],
  'tags that are maps': [{ text: '---\ntags: [{a: 1}]\n---\n' }, /not a list of words/],
  'a text of several words': [
    { text: '---\ntags: machine learning\n---\n' },
    /not a list of words/,
  ],
  'numbers as nobody else writes them': [{ text: '---\ntags: [010, 10]\n---\n' }, /010/],
  'a number with a zero at its end': [{ text: '---\ntags: [1.1, 1.10]\n---\n' }, /1\.10/],
  'two spellings of a key': [
    { text: '---\nTitle: a\ntitle: b\n---\n' },
    /^! has the keys Title and title, which are one key to some readers; keep one$/,
  ],
  'two spellings of a key in the rules': [
    { text: '---\ntitle: t\nDate: 1\ndate: 2\n---\n', rules: { order: ['date'] } },
    /Date and date/,
  ],
  'no tags where tags are asked for': [
    { text: '# A\n', acceptance: ['Every note has a title and tags'] },
    /^! has no tags, and no hashtag to take them from$/,
  ],
  'an empty list where tags are asked for': [
    { text: '---\ntags: []\n---\n', acceptance: ['Every note has tags'] },
    /no tags/,
  ],
  'a heading with template code': [{ text: '# Hi {{ name }}!' }, /template code/],
  'conflict marks in HTML and in a comment': [
    { text: '<p>\n<<<<<<< HEAD\n</p>\n\n<!--\n>>>>>>> b\n-->\n' },
    /conflict markers \(line 2\)/,
  ],
  'conflict marks': [{ text: 'a\n<<<<<<< HEAD\nb\n' }, /conflict markers \(line 2\)/],
});
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
    `---\ntitle: ${writeText(heading)}\nslug: ${slug}\n---\n# ${heading}\n`,
  );
}

each(gives, {
  'only the keys a sentence names': [
    { text: '#a\n', acceptance: ['Every note has a title'] },
    '---\ntitle: My note\n---\n#a\n',
  ],
  'a sentence about other files': [
    { text: '#a\n', acceptance: ['Every file in `other/` has normalised frontmatter'] },
    '#a\n',
  ],
});

each(refuses, {
  'two statuses': [
    { text: '#todo #done', rules: { status: ['todo', 'done'] } },
    /several statuses/,
  ],
  'a value off its list': [
    { text: '---\nstatus: x\n---\n', rules: { enums: { status: ['a', 'b'] } } },
    /not one of a, b/,
  ],
  'a value of another type': [
    { text: '---\ndate: 2024-02-30\n---\n', rules: { types: { date: 'date' } } },
    /not of type date/,
  ],
  'nothing says which value to set': [
    { text: 'x', rules: { required: ['author'] } },
    /has no author/,
  ],
  'an unknown first commit': [{ text: 'x', rules: { date: 'first-commit' } }, /not known/],
  'an unknown rule': [{ text: 'x', rules: { shout: true } }, /rules\./],
  'a sentence that is not understood': [
    { text: 'x', acceptance: [...standing, 'Every note reads like poetry'] },
    /reads like poetry/,
  ],
  'no chore at all': [{ text: 'x', acceptance: ['Every link resolves'] }, /no acceptance sentence/],
  'here and gone': [
    { text: 'x', acceptance: [...standing, 'The key `title` is removed'] },
    /asks to set and to remove/,
  ],
});

const typed = test.macro({
  title: (_, value: string, before: string) => `${value} in the place of ${before}`,
  exec(t, value: string, before: string, after: string) {
    const acceptance = [`\`x\` of every note is \`${value}\``];
    const text = (line: string) => `---\ntitle: t\n${line}---\n`;
    t.is(normalise({ text: text(before), acceptance }), text(after));
  },
});

test(typed, 'false', 'x: true\n', 'x: false\n');
test(typed, 'false', '', 'x: false\n');
test(typed, 'false', 'x: "false"\n', 'x: false\n');
test(typed, '5', 'x: 3\n', 'x: 5\n');
test(typed, '5', 'x: "3"\n', 'x: "5"\n');
test(typed, '5', 'x: "5"\n', 'x: "5"\n');
test(typed, '1.10', 'x: 1.1\n', 'x: "1.10"\n');
test(typed, 'draft', 'x: [draft]\n', 'x: draft\n');
