// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { approved, rejected } from '../actions/review-peer/macros.ts';
import { each } from '../each.ts';
import { declined, undone, worked } from './worked.ts';

const asked = ['Every page with a table of contents has an up-to-date one'];
const all = { acceptance: asked };

test('sentences about tables of contents', (t) => {
  const { read } = openChores();
  const chore = 'toc';
  for (const sentence of [
    ...asked,
    'Every table of contents is up to date',
    'Update the table of contents',
    'All TOCs are up-to-date',
  ])
    t.deepEqual(read(sentence), [{ chore, args: {} }], sentence);
  for (const sentence of [
    'Update the table of contents of docs/a.md',
    'The table of contents of `docs/a.md` is up to date',
    '`docs/a.md` has an up-to-date table of contents',
  ])
    t.deepEqual(read(sentence), [{ chore, args: { files: ['docs/a.md'] } }], sentence);
  t.deepEqual(read('Update the table of contents of README.md'), [
    { chore, args: { files: ['README.md'] } },
  ]);
  t.deepEqual(read('Update the table of contents down to level 3'), [
    { chore, args: { depth: 3 } },
  ]);
});

const page = (table: string, rest = '## One\n\ntext\n\n### Two `x`\n\n## Three\n'): string =>
  `# Page\n\n<!-- toc -->\n${table}<!-- tocstop -->\n\n${rest}`;
const rows = '\n- [One](#one)\n  - [Two `x`](#two-x)\n- [Three](#three)\n\n';

each(worked, {
  'a new one': [asked, { 'a.md': page(''), 'b.md': '# B\n' }, { 'a.md': page(rows) }],
  'an old one, with its own bullet': [
    asked,
    { 'a.md': page('\n* [One](#one)\n  * [Gone](#gone)\n\n') },
    { 'a.md': page(rows.replaceAll('- [', '* [')) },
  ],
  'below frontmatter, CRLF': [
    asked,
    { 'a.md': `---\r\na: 1\r\n---\r\n${page('').replaceAll('\n', '\r\n')}` },
    { 'a.md': `---\r\na: 1\r\n---\r\n${page(rows).replaceAll('\n', '\r\n')}` },
  ],
  'addresses as GitHub makes them': [
    asked,
    {
      'a.md': page(
        '',
        '## One\n\n## One\n\n## One-1\n\n## `code_of` & _more_, no_less!\n\n## [A link](https://a.b/c)\n\n## **Ünï** — 2.0?\n\nSet\n---\n\n## What is `a-b`?\n\n## Page\n\n```\n## No\n```\n\n<!--\n## No\n-->\n',
      ),
    },
    {
      'a.md': page(
        '\n- [One](#one)\n- [One](#one-1)\n- [One-1](#one-1-1)\n- [`code_of` & _more_, no_less!](#code_of--more-no_less)\n- [A link](#a-link)\n- [**Ünï** — 2.0?](#ünï--20)\n- [Set](#set)\n- [What is `a-b`?](#what-is-a-b)\n- [Page](#page-1)\n\n',
        '## One\n\n## One\n\n## One-1\n\n## `code_of` & _more_, no_less!\n\n## [A link](https://a.b/c)\n\n## **Ünï** — 2.0?\n\nSet\n---\n\n## What is `a-b`?\n\n## Page\n\n```\n## No\n```\n\n<!--\n## No\n-->\n',
      ),
    },
  ],
  'brackets in code, as those of commands': [
    asked,
    {
      'a.md': page('')
        .replace('## Two `x`', '## `add [PLUGIN]`')
        .replace('### Two `x`', '### `add [PLUGIN]`'),
    },
    {
      'a.md': page(rows.replace('[Two `x`](#two-x)', '[`add [PLUGIN]`](#add-plugin)')).replace(
        '## Two `x`',
        '## `add [PLUGIN]`',
      ),
    },
  ],
  'down to a level': [
    ['Update the table of contents down to level 2'],
    { 'a.md': page('') },
    { 'a.md': page('\n- [One](#one)\n- [Three](#three)\n\n') },
  ],
  'with a heading': [
    { acceptance: ['toc: {"heading":"## Contents"}'] },
    { 'a.md': page('', '## Contents\n') },
    { 'a.md': page('\n## Contents\n\n- [Contents](#contents-1)\n\n', '## Contents\n') },
  ],
  'no headings': [
    asked,
    { 'a.md': page('\n- [x](#x)\n\n', 'text\n') },
    { 'a.md': page('\n', 'text\n') },
  ],
  'one that cannot be written does not spoil the others': [
    asked,
    { 'a.md': page(''), 'b.md': page('', '## A <b>\n'), 'c.md': '`<!-- tocstop -->`\n' },
    { 'a.md': page(rows) },
  ],
});

each(declined, {
  'no marks': [
    ['Update the table of contents of a.md'],
    { 'a.md': '# A\n' },
    /a\.md has no line `<!-- toc/,
  ],
  'marks in code': [
    ['Update the table of contents of a.md'],
    { 'a.md': '```\n<!-- toc -->\n<!-- tocstop -->\n```\n' },
    /has no line/,
  ],
  'two of them': [asked, { 'a.md': `${page('')}${page('')}` }, /more than one/],
  'an emoji by name': [asked, { 'a.md': page('', '## A :tada:\n') }, /address is not known/],
  'a page without any': [asked, { 'a.md': '# A\n' }, /no page no line|no page has|no page/],
});

each(approved, {
  'a new one, as asked': [all, { 'a.md': page('') }, { 'a.md': page(rows) }],
  'one that is up to date': [all, { 'a.md': page(rows) }, {}],
  'beside a header': [
    { acceptance: [...asked, 'All *.md have an MIT header'] },
    { 'a.md': page('') },
    { 'a.md': `<!-- SPDX-License-Identifier: MIT -->\n\n${page(rows)}` },
  ],
});

const bad = (
  table: string,
  rest?: string,
): [typeof all, Record<string, string>, Record<string, string>] => [
  all,
  { 'a.md': page('', rest) },
  { 'a.md': page(table, rest) },
];

each(rejected, {
  'a row is missing': bad('\n- [One](#one)\n- [Three](#three)\n\n'),
  'a row too many': bad(`${rows.trimEnd()}\n- [Four](#four)\n\n`),
  'rows in another order': bad('\n- [Three](#three)\n- [One](#one)\n  - [Two `x`](#two-x)\n\n'),
  'a wrong address': bad(rows.replace('#two-x', '#two')),
  'an address elsewhere': bad(rows.replace('#two-x', 'https://evil.invalid')),
  'other words': bad(rows.replace('[One]', '[Uno]')),
  'words without code': bad(rows.replace('`x`', 'x')),
  'no empty line above': bad(rows.slice(1)),
  'no empty line below': bad(rows.slice(0, -1)),
  'two empty lines': bad(`\n${rows}`),
  'another bullet': bad(rows.replaceAll('- [', '* [')),
  'mixed bullets': bad(rows.replace('  - [', '  * [')),
  'another indentation': bad(rows.replace('  - [', '    - [')),
  numbers: bad(rows.replaceAll('- [', '1. [')),
  'the page itself listed': bad(`\n- [Page](#page)${rows}`),
  'a line of text': bad(`\nContents:\n${rows}`),
  'a comment': bad(`${rows}<!-- x -->\n`),
  'blanks at the end of a row': bad(rows.replace('#one)', '#one) ')),
  'a direction that is not shown in a table': bad(rows.replace('One]', 'One\u202e]')),
  'line ends of a table': bad(rows.replaceAll('\n', '\r\n')),
  'heading in code listed': [
    all,
    { 'a.md': page('', '```\n## No\n```\n') },
    { 'a.md': page('\n- [No](#no)\n\n', '```\n## No\n```\n') },
  ],
  'a heading whose address is not known': bad('\n- [A :tada:](#a-tada)\n\n', '## A :tada:\n'),
  'markup as HTML': bad('\n- [A <b>](#a-b)\n\n', '## A <b>\n'),
  'one more of the same name without number': bad('\n- [A](#a)\n- [A](#a)\n\n', '## A\n\n## A\n'),
  'the page is changed as well': [
    all,
    { 'a.md': page('') },
    { 'a.md': page(rows).replace('text', 'more') },
  ],
  'a heading is changed as well': [
    all,
    { 'a.md': page('') },
    { 'a.md': page(rows).replace('## Three', '## Four') },
  ],
  'the marks are gone': [
    all,
    { 'a.md': page('') },
    { 'a.md': page(rows).replace('<!-- toc -->\n', '') },
  ],
  'marks that were not there': [
    all,
    { 'a.md': '# A\n\n## B\n' },
    { 'a.md': '# A\n\n<!-- toc -->\n\n- [B](#b)\n\n<!-- tocstop -->\n\n## B\n' },
  ],
  'another page': [
    { acceptance: ['Update the table of contents of a.md'] },
    { 'a.md': page(rows), 'b.md': page('') },
    { 'b.md': page(rows) },
  ],
  'deeper than asked': [
    { acceptance: ['Update the table of contents down to level 2'] },
    { 'a.md': page('') },
    { 'a.md': page(rows) },
  ],
  'not as deep as all of them': bad('\n- [One](#one)\n- [Three](#three)\n\n'),
  'a heading that nobody asks for': bad(`\n## Contents\n${rows}`),
});

each(undone, {
  'another page is left without a table': [
    asked,
    { 'a.md': page(''), 'b.md': page('') },
    { 'a.md': page(rows) },
  ],
});
