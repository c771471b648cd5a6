// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { approved, rejected } from '../../actions/review-peer/macros.ts';
import { each } from '../../each.ts';
import { undone } from './asking.ts';

const front = 'The frontmatter of every note is normalised';
const docs = { acceptance: ['The frontmatter of every note in docs/ is normalised'] };
const both = { acceptance: [front, 'All *.md have a GPL header'] };
const gpl = '<!-- SPDX-License-Identifier: GPL-3.0-only -->\n';

each(approved, {
  'two notes': [
    { acceptance: [front] },
    { 'a.md': 'x', 'b.md': 'x' },
    { 'a.md': '---\ntitle: A\n---\nx', 'b.md': '---\ntitle: B\n---\nx' },
  ],
  'a header below the block': [
    both,
    { 'a.md': 'x\n' },
    { 'a.md': `---\ntitle: A\n---\n${gpl}\nx\n` },
  ],
});

each(rejected, {
  'a note that is not meant': [
    docs,
    { 'docs/a.md': 'x', 'b.md': 'x' },
    { 'docs/a.md': '---\ntitle: A\n---\nx', 'b.md': '---\ntitle: B\n---\nx' },
    /b\.md/,
  ],
  'a file that is no note': [
    { acceptance: [front] },
    { 'a.md': 'x', 'a.txt': 'x' },
    { 'a.md': '---\ntitle: A\n---\nx', 'a.txt': '---\ntitle: A\n---\nx' },
    /a\.txt/,
  ],
  'a note that is new': [
    { acceptance: [front] },
    { 'a.md': 'x' },
    { 'a.md': '---\ntitle: A\n---\nx', 'b.md': '---\ntitle: B\n---\nx' },
    /b\.md/,
  ],
  'a note that goes': [{ acceptance: [front] }, { 'a.md': 'x' }, { 'a.md': undefined }, /a\.md/],
  'one of two notes done': [
    { acceptance: [front] },
    { 'a.md': 'x', 'b.md': 'x' },
    { 'a.md': '---\ntitle: A\n---\nx' },
    /b\.md/,
  ],
  'one of two notes': [
    { acceptance: [front] },
    { 'a.md': 'x', 'b.md': 'x' },
    { 'a.md': '---\ntitle: A\n---\nx', 'b.md': '---\ntitle: A\n---\nx' },
    /b\.md/,
  ],
  'a header above the block': [
    both,
    { 'a.md': 'x\n' },
    { 'a.md': `${gpl}---\ntitle: A\n---\nx\n` },
  ],
  'a header and a word': [both, { 'a.md': 'x\n' }, { 'a.md': `---\ntitle: A\n---\n${gpl}\ny\n` }],
  'a header in the block': [
    both,
    { 'a.md': 'x\n' },
    { 'a.md': '---\n# SPDX-License-Identifier: GPL-3.0-only\ntitle: A\n---\nx\n' },
  ],
});

test(
  'a sentence that leaves a folder out',
  rejected,
  { acceptance: ['Every note except in Templates/ has a title'] },
  { 'Templates/a.md': 'x' },
  { 'Templates/a.md': '---\ntitle: A\n---\nx' },
  /Templates/,
);

each(undone, {
  'no title': [{ before: 'x\n' }, /title/],
  'tags that are not sorted': [{ before: '---\ntitle: A\ntags: [b, a]\n---\nx\n' }, /tags/],
  'a title that is not the heading': [
    {
      before: '---\ntitle: A\n---\n# B\n',
      acceptance: ['The title of every note is taken from its first heading'],
    },
    /title/,
  ],
  'a key that is still there': [
    {
      before: '---\nstatus: x\n---\nx\n',
      acceptance: ['The status of every note is removed'],
    },
    /not done/,
  ],
});
