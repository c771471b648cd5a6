// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import { Declined } from '../../../src/chore/script.ts';
import { openWorkingTree } from '../../../src/code/working-tree.ts';

import { approved, rejected } from '../../actions/review-peer/macros.ts';
import { each } from '../../each.ts';
import { undone } from '../worked.ts';

const mit = { acceptance: ['All *.ts have an MIT header'] };
const own = '// SPDX-License-Identifier: MIT\n';

each(approved, {
  'files that cannot take one are left': [
    mit,
    {
      'a.ts': 'x;\n',
      'b.ts': '// Copyright 2024 Ann\n',
      'c.ts': '/* DO NOT EDIT */\n',
      'd.min.ts': 'x;\n',
      'e.js': 'x;\n',
      'f.ts': '// Licensed under the MIT License\n',
      'g.ts': `/* One. */\n${own}`,
      'h.ts': '/** @jest-environment jsdom */\nx;\n',
    },
    { 'a.ts': `${own}x;\n` },
  ],
  'beside a rename and a comment': [
    { acceptance: [...mit.acceptance, 'Rename `one` to `two`', '`two` has a doc comment'] },
    { 'a.ts': 'export const one = 1;\n', 'b.ts': "import { one } from './a.ts';\none;\n" },
    {
      'a.ts': `${own}/** The number one. */\nexport const two = 1;\n`,
      'b.ts': `${own}import { two } from './a.ts';\ntwo;\n`,
    },
  ],
  'files out of scope are left': [
    { ...mit, scope: ['src/**'] },
    { 'src/a.ts': 'x;\n', 'b.ts': 'x;\n' },
    { 'src/a.ts': `${own}x;\n` },
  ],
});

each(rejected, {
  'one of two': [mit, { 'a.ts': 'x;\n', 'b.ts': 'y;\n' }, { 'a.ts': `${own}x;\nz;\n` }],
});

each(undone, {
  'one of two is not done': [mit, { 'a.ts': 'x;\n', 'b.ts': 'y;\n' }, { 'a.ts': `${own}x;\n` }],
  'nothing is done': [mit, { 'b.ts': 'y;\n' }, {}],
  'nothing but what has one': [mit, { 'a.ts': `${own}x;\n`, 'b.ts': 'y;\n' }, {}],
});

test('a file that a rule forbids is left out with its reason, and no other fault is', (t) => {
  const answered = (code: string, reason: string): unknown => {
    const script = openWorkingTree(() => true).insertHeader('LICENSE.md', { text: 'MIT' });
    script.next();
    return script.next({ error: { code, reason } }).value;
  };
  t.is(answered('denied', 'LICENSE.md stays. (rule a, b:1)'), 'LICENSE.md stays. (rule a, b:1)');
  t.is(answered('denied', 'It stays.'), 'LICENSE.md It stays.');
  t.throws(() => answered('fault', 'no such file'), { instanceOf: Declined });
});
