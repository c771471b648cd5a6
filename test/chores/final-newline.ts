// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import { approved, rejected } from '../actions/review-peer/macros.ts';
import { each } from '../each.ts';
import { oneFileEach } from './judged.ts';
import { declined, undone, worked } from './worked.ts';

const asked = ['Every file ends with a newline'];

test('sentences about the last line break', (t) => {
  const { read } = openChores();
  for (const sentence of [
    ...asked,
    'All files have a final newline',
    'Each file has a newline at its end',
    'Add missing final newlines',
    'No file lacks a final newline',
  ])
    t.deepEqual(read(sentence), [{ chore: 'final-newline', args: {} }], sentence);
  for (const sentence of [
    'All files in src/ end with a line break',
    'Add a final newline to every file in src/',
    'No file in src/ lacks a final newline',
  ])
    t.deepEqual(
      read(sentence),
      [{ chore: 'final-newline', args: { files: ['src/**'] } }],
      sentence,
    );
  t.is(read('All files end with exactly one newline'), undefined);
});

each(worked, {
  'where it is missing': [
    asked,
    { 'a.ts': 'x;', 'b.ts': 'y;\n', 'c.md': '# C', 'd.txt': '', 'e.py': 'x', 'f.json': '{}\n\n' },
    { 'a.ts': 'x;\n', 'c.md': '# C\n', 'e.py': 'x\n' },
  ],
  'as the other lines end': [
    asked,
    { 'a.ts': 'x;\r\ny;', 'b.ts': 'x;\ry;', 'c.txt': '  ', 'd.txt': 'x\r' },
    { 'a.ts': 'x;\r\ny;\r\n', 'b.ts': 'x;\ry;\r', 'c.txt': '  \n' },
  ],
  'texts of YAML are left': [asked, { 'a.yaml': 'a: |\n  x', 'b.ts': 'x;' }, { 'b.ts': 'x;\n' }],
});

each(declined, {
  'only a kind to which it may mean something': [
    asked,
    { 'a.yaml': 'a: 1' },
    /no file in scope is a text/,
  ],
});

each(
  approved,
  oneFileEach({
    added: [asked, 'a.ts', 'x;', 'x;\n'],
    'there already': [asked, 'a.ts', 'x;\n', 'x;\n'],
  }),
);

each(
  rejected,
  oneFileEach({
    'two line breaks': [asked, 'a.ts', 'x;', 'x;\n\n'],
    'a second line break': [asked, 'a.ts', 'x;\n', 'x;\n\n'],
    'a line break too many is gone': [asked, 'a.ts', 'x;\n\n', 'x;\n'],
    'it is gone': [asked, 'a.ts', 'x;\n', 'x;'],
    'another line ending': [asked, 'a.ts', 'x;\ny;', 'x;\ny;\r\n'],
    'another line ending, CRLF': [asked, 'a.ts', 'x;\r\ny;', 'x;\r\ny;\n'],
    'blanks before it': [asked, 'a.ts', 'x;', 'x; \n'],
    'blanks before it are gone': [asked, 'a.ts', 'x; ', 'x;\n'],
    'more is done': [asked, 'a.ts', 'x;', 'y;\n'],
    'all line ends': [asked, 'a.ts', 'x;\r\ny;', 'x;\ny;\n'],
    'an empty file gets one': [asked, 'a.ts', '', '\n'],
    'a file that no sentence means': [['All *.md files end with a newline'], 'a.ts', 'x;', 'x;\n'],
    'a kind to which it may mean something': [asked, 'a.yaml', 'a: |\n  x', 'a: |\n  x\n'],
  }),
);

test(
  'left undone in another file',
  undone,
  asked,
  { 'a.ts': 'x;', 'b.ts': 'y;' },
  { 'a.ts': 'x;\n' },
);
