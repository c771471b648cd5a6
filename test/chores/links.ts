// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { approved, rejected } from '../actions/review-peer/macros.ts';
import { each } from '../each.ts';
import { declined, undone, worked } from './worked.ts';

const asked = ['Fix broken relative links'];
const all = { acceptance: asked };

test('sentences about broken links', (t) => {
  const { read } = openChores();
  for (const sentence of [
    ...asked,
    'Fix all broken links',
    'Broken links are fixed',
    'Repair dead links',
  ])
    t.deepEqual(read(sentence), [{ chore: 'links', args: {} }], sentence);
  for (const sentence of ['Fix broken relative links in docs/', 'Broken links in docs/ are fixed'])
    t.deepEqual(read(sentence), [{ chore: 'links', args: { files: ['docs/**'] } }], sentence);
  t.deepEqual(read('Every relative link works'), [
    { chore: 'checks-pass', args: { check: 'links' } },
  ]);
});

const tree = {
  'guide/start.md': '# S\n',
  'img/a b.png': 'x',
  'README.md': '# R\n',
  'docs/README.md': '',
};

const many = Object.fromEntries(
  Array.from({ length: 1200 }, (_, at) => [`x/${at}.png`, ''] as const),
);

each(worked, {
  'in a tree of more files than one listing shows': [
    asked,
    { ...many, 'z/a.md': '[s](start.md)\n', 'z/guide/start.md': '# S\n' },
    { 'z/a.md': '[s](guide/start.md)\n' },
  ],
  'to the one file of that name': [
    asked,
    {
      ...tree,
      'docs/a.md':
        '# A\n\n[s](start.md), [s](./old/start.md#part "Title"), ![p](<../a b.png>) and [p](a%20b.png?raw=1).\n\n[r]: start.md#x\n',
    },
    {
      'docs/a.md':
        '# A\n\n[s](../guide/start.md), [s](../guide/start.md#part "Title"), ![p](<../img/a b.png>) and [p](../img/a%20b.png?raw=1).\n\n[r]: ../guide/start.md#x\n',
    },
  ],
  './ stays where it can': [
    asked,
    { 'a.md': '[s](./start.md)\n', 'guide/start.md': '' },
    { 'a.md': '[s](./guide/start.md)\n' },
  ],
  'what is no broken link stays': [
    asked,
    {
      ...tree,
      'docs/a.md':
        '---\na: "[s](start.md)"\n---\n[s](../guide/start.md) [x](https://a.b/start.md) [y](#start.md) [z](/start.md) [w](../guide) `[s](start.md)` [[start]] [t]({{ site }}/start.md) [m](mailto:start.md)\n\n```\n[s](start.md)\n```\n\n<!-- [s](start.md) -->\n\n[s](start.md)\n',
    },
    {
      'docs/a.md':
        '---\na: "[s](start.md)"\n---\n[s](../guide/start.md) [x](https://a.b/start.md) [y](#start.md) [z](/start.md) [w](../guide) `[s](start.md)` [[start]] [t]({{ site }}/start.md) [m](mailto:start.md)\n\n```\n[s](start.md)\n```\n\n<!-- [s](start.md) -->\n\n[s](../guide/start.md)\n',
    },
  ],
  'with CRLF, and other chores': [
    [...asked, 'All *.md have an MIT header', 'No file has trailing whitespace'],
    { 'a.md': '[s](start.md) \r\n', 'x/start.md': '<!-- SPDX-License-Identifier: MIT -->\n' },
    { 'a.md': '<!-- SPDX-License-Identifier: MIT -->\r\n\r\n[s](x/start.md)\r\n' },
  ],
  'nothing is broken': [asked, tree, {}],
});

each(declined, {
  'the tree cannot be seen': [
    { acceptance: asked, scope: 'docs/', context: ['!guide/'] },
    { 'docs/a.md': '[s](start.md)\n', 'guide/start.md': '' },
    /where files are outside the scope cannot be seen/,
  ],
  'no such file': [
    asked,
    { 'a.md': '[s](start.md)\n' },
    /a\.md links to start\.md, of which name there is no/,
  ],
  'two such files': [
    asked,
    { ...tree, 'a.md': '[s](x/README.md)\n' },
    /could be README\.md or docs\/README\.md/,
  ],
});

const before = { ...tree, 'docs/a.md': '# A\n\n[s](start.md#x "T") and [g](../guide/start.md)\n' };
const page = (target: string, rest = ' and [g](../guide/start.md)\n'): Record<string, string> => ({
  'docs/a.md': `# A\n\n[s](${target} "T")${rest}`,
});
const good = '../guide/start.md#x';

each(approved, {
  'the file of that name': [all, before, page(good)],
  'a page that others are beside': [
    { acceptance: ['Fix broken links in docs/'] },
    before,
    page(good),
  ],
  'beside one that cannot be mended': [
    all,
    { ...tree, 'docs/a.md': '[s](start.md) [x](gone.md) [r](x/README.md)\n' },
    { 'docs/a.md': '[s](../guide/start.md) [x](gone.md) [r](x/README.md)\n' },
  ],
  'nothing to do': [all, tree, {}],
});

each(rejected, {
  'another file': [all, before, page('../README.md#x')],
  'a file that is not there': [all, before, page('../start.md#x')],
  'another site': [all, before, page('https://evil.invalid/start.md#x')],
  'a script': [all, before, page('javascript:start.md#x')],
  'from the top': [all, before, page('/guide/start.md#x')],
  'a detour': [all, before, page('../docs/../guide/start.md#x')],
  './ that was not there': [all, before, page('./../guide/start.md#x')],
  'without its place': [all, before, page('../guide/start.md')],
  'another place': [all, before, page('../guide/start.md#y')],
  'a query more': [all, before, page('../guide/start.md?a#x')],
  'in brackets': [all, before, page('<../guide/start.md#x>')],
  'escaped without need': [all, before, page('../guide/st%61rt.md#x')],
  'another title': [
    all,
    before,
    { 'docs/a.md': page(good)['docs/a.md']?.replace('"T"', '"U"') ?? '' },
  ],
  'another text': [
    all,
    before,
    { 'docs/a.md': page(good)['docs/a.md']?.replace('[s]', '[start]') ?? '' },
  ],
  'the link is gone': [all, before, { 'docs/a.md': '# A\n\ns and [g](../guide/start.md)\n' }],
  'a link more': [all, before, page(good, ' and [g](../guide/start.md) [r](README.md)\n')],
  'a link that was not broken': [all, before, page(good, ' and [g](../README.md)\n')],
  'the text is changed as well': [all, before, page(good, ' or [g](../guide/start.md)\n')],
  blanks: [all, before, page(good, ' and [g](../guide/start.md) \n')],
  'line ends of a page with links': [
    all,
    before,
    { 'docs/a.md': page(good)['docs/a.md']?.replaceAll('\n', '\r\n') ?? '' },
  ],
  'one of two files with links': [
    all,
    { ...tree, 'a.md': '[r](x/README.md)\n' },
    { 'a.md': '[r](docs/README.md)\n' },
  ],
  'no file of that name': [
    all,
    { ...tree, 'a.md': '[r](begin.md)\n' },
    { 'a.md': '[r](guide/start.md)\n' },
  ],
  'a link in code': [
    all,
    { ...before, 'b.md': '```\n[s](start.md)\n```\n' },
    { ...page(good), 'b.md': '```\n[s](guide/start.md)\n```\n' },
  ],
  'one of two links': [
    all,
    { ...tree, 'a.md': '[s](start.md) [t](start.md)\n' },
    { 'a.md': '[s](guide/start.md) [t](start.md)\n' },
  ],
  'another page than the sentence means': [
    { acceptance: ['Fix broken links in docs/'] },
    { ...tree, 'a.md': '[s](start.md)\n' },
    { 'a.md': '[s](guide/start.md)\n' },
  ],
  'a file is made': [all, { 'a.md': '[s](start.md)\n' }, { 'start.md': '# S\n' }],
  'another file is changed as well': [all, before, { ...page(good), 'README.md': '# Read\n' }],
  'a part of the tree': [
    { ...all, scope: ['docs/'] },
    { ...before, 'docs/x/start.md': '' },
    page('x/start.md#x'),
  ],
  'a direction that is not shown': [all, before, page(`${good}\u202e`)],
  'a reference': [
    all,
    { ...tree, 'a.md': '[s]\n\n[s]: start.md\n' },
    { 'a.md': '[s]\n\n[s]: README.md\n' },
  ],
});

each(undone, {
  'another page is left': [asked, { ...before, 'b.md': '[s](start.md)\n' }, page(good)],
});
