// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import { approved, caseOf, rejected, reviewers } from '../../actions/review-peer/macros.ts';
import { each } from '../../each.ts';

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
  'files out of scope are left': [
    { ...mit, scope: ['src/**'] },
    { 'src/a.ts': 'x;\n', 'b.ts': 'x;\n' },
    { 'src/a.ts': `${own}x;\n` },
  ],
});

each(rejected, {
  'one of two': [mit, { 'a.ts': 'x;\n', 'b.ts': 'y;\n' }, { 'a.ts': `${own}x;\nz;\n` }],
});

/** What only the reviewer sees who may look at the whole tree. */
const undone = test.macro(
  async (t, before: Record<string, string>, after: Record<string, string>) => {
    const { verdict, findings } = await reviewers.redoing(caseOf(mit, before, after));
    t.is(verdict, 'reject');
    t.regex(findings.join('\n'), /b\.ts: what is asked was not done here/);
  },
);

each(undone, {
  'one of two is not done': [{ 'a.ts': 'x;\n', 'b.ts': 'y;\n' }, { 'a.ts': `${own}x;\n` }],
  'nothing is done': [{ 'b.ts': 'y;\n' }, {}],
  'nothing but what has one': [{ 'a.ts': `${own}x;\n`, 'b.ts': 'y;\n' }, {}],
});
