// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive } from '../../bench/codegen/drive.ts';
import { openChores } from '../../src/chore/chores.ts';
import { declines, does } from '../actions/codegen/macros.ts';
import { approved, rejected } from '../actions/review-peer/macros.ts';
import { each } from '../each.ts';
import { worked } from './worked.ts';

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

const gpl =
  'Copyright (C) 2007 Free Software Foundation\nEveryone may distribute verbatim copies of this license document.\n';

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

const text = "export const shown = '(c) 2019 Ada Corp';\n";
const of = (holder: string): string => `// Copyright 2019 ${holder}\n`;

each(worked, {
  'neither texts, nor prose, nor what is in the middle of a file': [
    asked,
    {
      'a.ts': `${before}${text}// (c) 2019 Ada Corp\n`,
      'b.md':
        '# B\n\nIn 2019, when Copyright 2019 Ada Corp was written\n\n© 2019 Ada Corp\n\n    © 2019 Ada Corp\n',
    },
    {
      'a.ts': `${after}${text}// (c) 2019 Ada Corp\n`,
      'b.md':
        '# B\n\nIn 2019, when Copyright 2019 Ada Corp was written\n\n© 2019-2026 Ada Corp\n\n    © 2019 Ada Corp\n',
    },
  ],
  'of the holder in the licence, not of others': [
    asked,
    { LICENSE: 'Copyright 2019 Ada\n', 'a.ts': of('Ada'), 'b.ts': of('Bob') },
    { LICENSE: 'Copyright 2019-2026 Ada\n', 'a.ts': of('Ada').replace('2019', '2019-2026') },
  ],
  "of the package's author": [
    asked,
    {
      'package.json': '{"author":"Ada <ada@localhost>"}\n',
      'src/a.ts': of('Ada'),
      'src/b.ts': of('Bob'),
    },
    { 'src/a.ts': of('Ada').replace('2019', '2019-2026') },
  ],
  'of the only holder outside the code of others': [
    asked,
    { 'a.ts': of('Ada'), 'vendor/b.ts': of('Bob'), COPYING: gpl },
    { 'a.ts': of('Ada').replace('2019', '2019-2026') },
  ],
  'in comments of every form, up to what follows a name': [
    asked,
    {
      'a.py': '#!/usr/bin/env python\n# Copyright 2019 Ada. All rights reserved.\nx = 1\n',
      'b.html': '<!doctype html>\n<!--\n  SPDX-FileCopyrightText: 2019 Ada <ada@localhost>\n-->\n',
      'c.ts': '/**\n * @license\n * Copyright (c) 2019 Ada, licensed under MIT.\n */\n',
    },
    {
      'a.py': '#!/usr/bin/env python\n# Copyright 2019-2026 Ada. All rights reserved.\nx = 1\n',
      'b.html':
        '<!doctype html>\n<!--\n  SPDX-FileCopyrightText: 2019-2026 Ada <ada@localhost>\n-->\n',
      'c.ts': '/**\n * @license\n * Copyright (c) 2019-2026 Ada, licensed under MIT.\n */\n',
    },
  ],
});

test('notices of others are left, and other years are named', async (t) => {
  const files = {
    LICENSE: 'Copyright 2026 Ada\n',
    'a.ts': `${of('Ada')}${text}`,
    'b.ts': of('Bob'),
  };
  const { result } = await drive(files, { title: 'T', scope: '**', acceptance: asked });
  const { left, mentions } = result as { readonly left: unknown; readonly mentions: unknown };
  t.deepEqual(left, [{ path: 'b.ts', reason: 'has a notice of "Bob", not of "Ada"' }]);
  t.deepEqual(mentions, ['a.ts:2']);
});

each(declines, {
  'several holders': [
    { 'a.ts': before, 'b.ts': '// Copyright 2011 Bob\n' },
    asked,
    /several holders: "Ada Corp", "Bob"; say whose/,
  ],
  'only the code of others': [
    { 'vendor/a.ts': '// Copyright 2011 Bob\n' },
    asked,
    /in the code of others; say whose/,
  ],
  'no notice of the holder': [
    { 'a.ts': before },
    ['The copyright year of "Bob" is 2026'],
    /no copyright notice in these files is of "Bob"/,
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
  'a text': [
    spec,
    { 'a.ts': before + text },
    { 'a.ts': after + text.replace('2019', '2019-2026') },
  ],
  'a text in place of the notice': [
    spec,
    { 'a.ts': `${of('Ada')}const a = \`\n${of('Ada')}\`;\n` },
    { 'a.ts': `${of('Ada')}const a = \`\n${of('Ada').replace('2019', '2019-2026')}\`;\n` },
  ],
  'a notice below the code': [
    spec,
    { 'a.ts': `${before}${of('Ada Corp')}` },
    { 'a.ts': `${after}${of('Ada Corp').replace('2019', '2019-2026')}` },
  ],
  'the notice of another holder too': [
    spec,
    { LICENSE: 'Copyright 2026 Ada\n', 'a.ts': of('Ada'), 'vendor/b.ts': of('Bob') },
    {
      'a.ts': of('Ada').replace('2019', '2019-2026'),
      'vendor/b.ts': of('Bob').replace('2019', '2019-2026'),
    },
  ],
  'the notice in the text of a licence': [
    spec,
    { COPYING: gpl },
    { COPYING: gpl.replace('2007', '2007-2026') },
  ],
  'one of two files': [
    spec,
    { 'a.ts': of('Ada'), 'b.ts': of('Ada') },
    { 'a.ts': of('Ada').replace('2019', '2019-2026') },
  ],
  'a year that was right': [
    spec,
    { 'a.ts': after },
    { 'a.ts': after.replace('2019-2026', '2019-2026-2026') },
  ],
});
