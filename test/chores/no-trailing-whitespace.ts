// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { approved, rejected } from '../actions/review-peer/macros.ts';
import { each } from '../each.ts';
import { oneFileEach } from './judged.ts';
import { declined, undone, worked } from './worked.ts';

const asked = ['No file has trailing whitespace'];

test('sentences about blanks at the ends of lines', (t) => {
  const { read } = openChores();
  for (const sentence of [
    ...asked,
    'No trailing whitespace',
    'Strip trailing whitespace',
    'Every line is free of trailing whitespace',
    'No line ends with whitespace',
    'Files have no trailing spaces',
  ])
    t.deepEqual(read(sentence), [{ chore: 'no-trailing-whitespace', args: {} }], sentence);
  for (const sentence of [
    'Remove trailing whitespace from src/',
    'There is no trailing whitespace in src/',
    'Files in src/ have no trailing whitespace',
    'No line in src/ ends with whitespace',
  ])
    t.deepEqual(
      read(sentence),
      [{ chore: 'no-trailing-whitespace', args: { files: ['src/**'] } }],
      sentence,
    );
});

each(worked, {
  'code, but not its texts': [
    asked,
    {
      'a.ts': 'x;  \n// One. \t\ny(`a  \nb  \nc`);\t\n',
      'b.tsx': 'const b = (\n  <p> \n    text  \n  </p>\n);  \n',
      'c.ts': 'x;\n',
    },
    {
      'a.ts': 'x;\n// One.\ny(`a  \nb  \nc`);\n',
      'b.tsx': 'const b = (\n  <p> \n    text  \n  </p>\n);\n',
    },
  ],
  'Markdown, but not its line breaks and its code': [
    asked,
    {
      'a.md':
        '---\ntext: |\n  a  \n---\n# A  \n\none  \ntwo \nthree  \n\n```\ncode  \n```  \n\n    code  \n\n   \nend\t\n',
    },
    {
      'a.md':
        '---\ntext: |\n  a  \n---\n# A\n\none  \ntwo\nthree\n\n```\ncode  \n```  \n\n    code  \n\n\nend\n',
    },
  ],
  'line ends stay': [
    asked,
    { 'a.ts': 'x; \r\ny;\r\nz; ', 'b.json': '{ \n}\n', 'c.css': ' \n\t\n' },
    { 'a.ts': 'x;\r\ny;\r\nz;', 'b.json': '{\n}\n', 'c.css': '\n\n' },
  ],
  'a file that does not parse does not spoil the others': [
    asked,
    { 'a.ts': 'x(; \n', 'b.ts': 'x; \n', 'c.py': 'x \n' },
    { 'b.ts': 'x;\n' },
  ],
  'with a header and a last line break': [
    [...asked, 'All *.ts have an MIT header', 'Every file ends with a newline'],
    { 'a.ts': '  \nx; \ny; ' },
    { 'a.ts': '// SPDX-License-Identifier: MIT\n\nx;\ny;\n' },
  ],
  'with a copyright year': [
    [...asked, 'The copyright year is 2026'],
    { 'a.ts': '// Copyright (c) 2019 Ada \nx; \n' },
    { 'a.ts': '// Copyright (c) 2019-2026 Ada\nx;\n' },
  ],
});

each(declined, {
  'only a kind whose blanks are not known': [
    asked,
    { 'a.py': 'x \n' },
    /no file in scope is of a kind/,
  ],
  'nothing that parses': [asked, { 'a.ts': 'x(; \n' }, /a\.ts is left as it is .*does not parse/],
});

each(
  approved,
  oneFileEach({
    'all of them': [asked, 'a.ts', 'x; \n\t\ny;\t \n', 'x;\n\ny;\n'],
    'none there': [asked, 'a.ts', 'x;\n', 'x;\n'],
    'beside a rename in the same lines': [
      [...asked, 'Rename `one` to `other`'],
      'a.ts',
      'export const one = 1; \nconst two = one;\t\n',
      'export const other = 1;\nconst two = other;\n',
    ],
    'beside an export that is asked for as well': [
      [...asked, '`one` is exported from `a.ts`'],
      'a.ts',
      'const one = 1; \n\nconst two = 2;\t\n',
      'export const one = 1;\n\nconst two = 2;\n',
    ],
  }),
);

each(
  rejected,
  oneFileEach({
    'some are left': [asked, 'a.ts', 'x; \ny; \n', 'x;\ny; \n'],
    'more is done than trimming': [asked, 'a.ts', 'x; \ny;\n', 'x;\nz;\n'],
    'a line is gone': [asked, 'a.ts', 'x; \n \ny;\n', 'x;\ny;\n'],
    'the last line break is gone': [asked, 'a.ts', 'x; \n', 'x;'],
    'a last line break comes in': [asked, 'a.ts', 'x; \ny', 'x;\ny\n'],
    'blanks at the start of a line are gone': [asked, 'a.ts', 'f(\n  x, \n);\n', 'f(\nx,\n);\n'],
    'blanks come in': [asked, 'a.ts', 'x; \ny;\n', 'x;\ny; \n'],
    'a template loses its own': [asked, 'a.ts', 'x(`a  \nb`); \n', 'x(`a\nb`);\n'],
    'a line break of Markdown is gone': [
      asked,
      'a.md',
      '# A \n\none  \ntwo\n',
      '# A\n\none\ntwo\n',
    ],
    'code in Markdown loses its own': [
      asked,
      'a.md',
      '# A \n\n```\ncode  \n```\n',
      '# A\n\n```\ncode\n```\n',
    ],
    'other line ends': [asked, 'a.ts', 'x; \r\ny;\r\n', 'x;\ny;\n'],
    'a file that no sentence means is trimmed': [
      ['No *.md file has trailing whitespace'],
      'a.ts',
      'x; \n',
      'x;\n',
    ],
    'a kind whose blanks are not known': [asked, 'a.py', 'x \n', 'x\n'],
    'space that is no blank': [asked, 'a.ts', 'x;\u00a0\ny; \n', 'x;\ny;\n'],
    'a blank line too many': [asked, 'a.ts', 'x; \ny;\n', 'x;\n\ny;\n'],
  }),
);

test(
  'what is left undone in another file',
  undone,
  asked,
  { 'a.ts': 'x; \n', 'b.ts': 'y; \n' },
  { 'a.ts': 'x;\n' },
);
