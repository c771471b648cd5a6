// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { declines, does } from '../actions/codegen/macros.ts';
import { approved, rejected } from '../actions/review-peer/macros.ts';
import { each } from '../each.ts';

const asked = ['Update the copyright year to 2026'];

test('sentences that ask for a year', (t) => {
  const { read } = openChores();
  for (const sentence of [
    ...asked,
    'The copyright year is 2026',
    'All copyright years are 2026',
    'Bump the copyright year to 2026',
    'Every copyright notice ends in 2026',
  ]) {
    t.deepEqual(read(sentence), [{ chore: 'copyright-year', args: { year: 2026 } }], sentence);
  }
  t.deepEqual(read('Update the copyright years of "Ada" in src/ to 2026'), [
    { chore: 'copyright-year', args: { holder: 'Ada', files: ['src/**'], year: 2026 } },
  ]);
  t.is(read('Update the copyright year'), undefined);
});

const before = '// Copyright (c) 2019 Ada Corp.\nexport const a = 2019;\n';
const after = '// Copyright (c) 2019-2026 Ada Corp.\nexport const a = 2019;\n';

each(does, {
  'a year becomes a range': [{ 'a.ts': before }, asked, { 'a.ts': after }],
  'a range grows, in every kind of notice': [
    {
      LICENSE: 'MIT\n\nCopyright © 2015–2024 Ada Corp\n',
      'a.css': '/* (c) 2024 Ada Corp */\r\na{}\r\n',
      'b.md': '<!-- Copyright: 2026 Ada Corp -->\n',
    },
    asked,
    {
      LICENSE: 'MIT\n\nCopyright © 2015-2026 Ada Corp\n',
      'a.css': '/* (c) 2024-2026 Ada Corp */\r\na{}\r\n',
    },
  ],
  'of one holder among several': [
    { 'a.ts': before, 'b.ts': '// Copyright 2011 Bob\n' },
    ['The copyright year of "Ada Corp" is 2026'],
    { 'a.ts': after },
  ],
});

each(declines, {
  'several holders': [
    { 'a.ts': before, 'b.ts': '// Copyright 2011 Bob\n' },
    asked,
    /several holders: "Ada Corp", "Bob"; say whose/,
  ],
  'no notice': [
    { 'a.ts': '// Copyright 2011, 2013 Bob\n// (c) 2011-present Bob\n' },
    asked,
    /no copyright notice with a year/,
  ],
});

const spec = { acceptance: asked };

each(approved, {
  'the year and nothing else': [spec, { 'a.ts': before }, { 'a.ts': after }],
});

each(rejected, {
  'another year': [spec, { 'a.ts': before }, { 'a.ts': after.replace('2026', '2027') }],
  'another first year': [spec, { 'a.ts': before }, { 'a.ts': after.replace('2019-', '2001-') }],
  'the first year lost': [spec, { 'a.ts': before }, { 'a.ts': after.replace('2019-', '') }],
  'another holder': [spec, { 'a.ts': before }, { 'a.ts': after.replace('Ada', 'Eve') }],
  'a number that is no notice': [
    spec,
    { 'a.ts': before },
    { 'a.ts': after.replace('= 2019', '= 2019-2026') },
  ],
  'a line more': [spec, { 'a.ts': before }, { 'a.ts': `${after}// more\n` }],
  'a year that was right': [
    spec,
    { 'a.ts': after },
    { 'a.ts': after.replace('2019-2026', '2019-2026-2026') },
  ],
});
