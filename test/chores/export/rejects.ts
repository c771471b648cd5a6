// SPDX-License-Identifier: GPL-3.0-only
import { bothReject } from '../ask-judges.ts';
import { asks, base, edit, js, one, own, rest, table, trim, type } from './rows.ts';

const bad = (line: string): readonly [string] => [`${one}\n${line}${rest}`];

table(bothReject, {
  'bad: an address of data': bad(
    "export { day } from 'data:text/javascript,export const day = 1';",
  ),
  'bad: an address of the net': bad("export { day } from 'https://x.invalid/a.ts';"),
  'bad: an address of a file': bad("export { day } from 'file:///tmp/a.ts';"),
  'bad: a package': bad("export { day } from 'some-package';"),
  'bad: a scoped package': bad("export { day } from '@a/b';"),
  'bad: a module of the platform': bad("export { day } from 'node:child_process';"),
  'bad: an absolute path': bad("export { day } from '/src/a.ts';"),
  'bad: a path out of the tree': bad("export { day } from '../../a.ts';"),
  'bad: an import of the package': bad("export { day } from '#a';"),
  'bad: with a query': bad("export { day } from './a.ts?x';"),
  'bad: a module that is not there': bad("export { day } from './nowhere.ts';"),
  'bad: a module without the name': bad("export { day } from './b.ts';"),
  'bad: nothing declares it': bad('export { day };'),
  'bad: a value as a type': bad("export type { day } from './a.ts';"),
  'bad: a value as a type in a list': bad("export { type day } from './a.ts';"),
  'bad: another by that name': bad("export { one as day } from './a.ts';"),
  'bad: another module by that name': bad("export { two as day } from './b.ts';"),
  'bad: the whole module by that name': bad("export * as day from './a.ts';"),
  'bad: all of the module': bad("export * from './a.ts';"),
  'bad: all of the module too': bad("export { day } from './a.ts';\nexport * from './b.ts';"),
  'bad: one more': bad("export { day, Day } from './a.ts';"),
  'bad: one more, as a type': bad("export { day, type Day } from './a.ts';"),
  'bad: twice': bad("export { day } from './a.ts';\nexport { day } from './a.ts';"),
  'bad: twice in one list': bad("export { day, day } from './a.ts';"),
  'bad: it runs something too': bad("export { day } from './a.ts'; day(1);"),
  'bad: a line more': bad("export { day } from './a.ts';\nday(1);"),
  'bad: an import more': bad("import './b.ts';\nexport { day } from './a.ts';"),
  'bad: by an import': bad("import { day } from './a.ts';\nexport { day };"),
  'bad: a constant by that name': bad('export const day = 1;'),
  'bad: a function by that name': bad('export function day() {}'),
  'bad: a default': bad("export { day as default } from './a.ts';"),
  'bad: a default that is another': bad("export { default as day } from './a.ts';"),
  'bad: a comment in it': bad("export { /* x */ day } from './a.ts';"),
  'bad: a comment behind it': bad("export { day } from './a.ts'; // @ts-ignore"),
  'bad: a comment above it': bad("// eslint-disable-next-line\nexport { day } from './a.ts';"),
  'bad: with attributes': bad("export { day } from './a.ts' with { type: 'json' };"),
  'bad: indented': bad("  export { day } from './a.ts';"),
  'bad: within a comment': bad("/*\nexport { day } from './a.ts';\n*/"),
  'bad: within a template': bad("const t = `\nexport { day } from './a.ts';\n`;"),
  'bad: within a string': bad("'export { day } from ./a.ts';"),
  'bad: two empty lines more': bad("\n\nexport { day } from './a.ts';"),
  'bad: the other end of a line': [`${one}\r\nexport { day } from './a.ts';${rest}`],
  'bad: spaces behind it': bad("export { day } from './a.ts';  "),
  'bad: by a way about': bad("export { day } from './b/../a.ts';"),
  'bad: a blank of another kind': bad("export { day }\u2009from './a.ts';"),
  'bad: the file ends within the line': [
    `${one}\nexport { day } from './a.ts';`,
    asks,
    { 'src/index.ts': `${one}\n` },
  ],
  'bad: an empty line more at the end': [
    `${one}\nexport { day } from './a.ts';\n\n`,
    asks,
    { 'src/index.ts': `${one}\n` },
  ],
  'bad: an escaped specifier': bad("export { day } from './\\u0061.ts';"),
  'bad: an escaped name': bad("export { d\\u0061y } from './a.ts';"),
  'bad: one out, one in': [`export { day } from './a.ts';${rest}`],
  'bad: the list leads elsewhere now': [`export { one, day } from './b.ts';${rest}`],
  'bad: the list is of types now': [`export type { one, day } from './a.ts';${rest}`],
  'bad: the other one is a type now': [`export { type one, day } from './a.ts';${rest}`],
  'bad: the other one has another name now': [`export { one as uno, day } from './a.ts';${rest}`],
  'bad: the list is put together anew': [
    `export { two, one, day } from './a.ts';${rest}`,
    asks,
    {
      'src/index.ts': `export { one, two } from './a.ts';${rest}`,
      'src/a.ts': `${base['src/a.ts']}export const two = 1;\n`,
    },
  ],
  'bad: the rest is changed': [`export { one, day } from './a.ts';\n\nlet x = 2;\n`],
  'bad: the rest is tidied': [`export { one, day } from './a.ts';\n\nlet x = 1\n`],
  'bad: the end of the file is gone': [`export { one, day } from './a.ts';\n\nlet x = 1;`],
  'bad: the module is changed too': [
    { 'src/index.ts': `export { one, day } from './a.ts';${rest}`, ...edit('n + 1', 'n - 1') },
  ],
  'bad: another file is there': [
    { 'src/index.ts': `export { one, day } from './a.ts';${rest}`, 'src/c.ts': 'export {};\n' },
  ],
  'bad: nothing is done': [{}],
  'bad: it is there already': [
    `export * from './a.ts';\nexport { day } from './a.ts';\n`,
    asks,
    { 'src/index.ts': "export * from './a.ts';\n" },
  ],
  'bad: a type as a value': [`${one}\nexport { Day } from './a.ts';${rest}`, type],
  'bad: a type as a value beside a value': [
    `export { one, day, Day } from './a.ts';${rest}`,
    [...asks, ...type],
  ],
  'bad: a module that does things': [
    `${one}\nexport { fast } from './run.ts';${rest}`,
    ['`fast` is exported from `src/index.ts`'],
  ],
  'bad: by a module that does things': [
    `${one}\nexport { day } from './mid.ts';${rest}`,
    asks,
    { 'src/mid.ts': "export { day } from './a.ts';\nif (true) console.log(1);\n" },
  ],
  'bad: a module that is loaded for its types alone': [
    "import type { fast } from './run.ts';\nexport { fast } from './run.ts';\n",
    ['`fast` is exported from `src/index.ts`'],
    { 'src/index.ts': "import type { fast } from './run.ts';\n" },
  ],
  'bad: not from the module that is named': [
    `${one}\nexport { two } from './b.ts';${rest}`,
    ['`two` is exported from `src/c.ts` in `src/index.ts`'],
    { 'src/c.ts': 'export const two = 3;\n' },
  ],
  'bad: of two modules, and nobody says which': [
    `${one}\nexport { two } from './b.ts';${rest}`,
    ['`two` is exported from `src/index.ts`'],
    { 'src/c.ts': 'export const two = 3;\n' },
  ],
  'bad: one that a module keeps, though another exports it': [
    {
      'src/c.ts': 'export const two = 3;\n',
      'src/index.ts': `${one}\nexport { two } from './c.ts';${rest}`,
    },
    ['`two` is exported from `src/index.ts`'],
    { 'src/c.ts': 'const two = 3;\n' },
  ],
  "bad: another module's, though it declares its own": [
    { 'src/a.ts': `${base['src/a.ts']}export { inner } from './c.ts';\n` },
    own,
    { 'src/c.ts': 'export const inner = 2;\n' },
  ],
  'bad: the word, where two of a name meet then': [
    edit('const inner', 'export const inner'),
    own,
    {
      'src/c.ts': 'export const inner = 2;\n',
      'src/all.ts': "export * from './a.ts';\nexport * from './c.ts';\n",
    },
  ],
  'bad: the word, and another with it': [
    edit('const p = 1', 'export const p = 1'),
    ['`p` is exported from `src/a.ts`'],
  ],
  'bad: the word before one of two': [
    edit('function over(a: unknown', 'export function over(a: unknown'),
    ['`over` is exported from `src/a.ts`'],
  ],
  'bad: the word, and another value': [edit('const inner = 1', 'export const inner = 2'), own],
  'bad: the word, and let for const': [edit('const inner', 'export let inner'), own],
  'bad: the word on a line of its own': [edit('const inner', 'export\nconst inner'), own],
  'bad: the word as a default': [
    edit('const inner = 1;', 'const inner = 1;\nexport { inner as default };'),
    own,
  ],
  'bad: the word, but not in the index': [
    edit('const inner', 'export const inner'),
    ['`inner` is exported from `src/index.ts`'],
  ],
  'bad: the word at what nobody names': [
    {
      ...edit('const inner', 'export const inner'),
      'src/index.ts': `export { one, day } from './a.ts';${rest}`,
    },
  ],
  'bad: a module between exports it too': [
    {
      'src/index.ts': `${one}\nexport { day } from './mid.ts';${rest}`,
      'src/mid.ts': "export { day } from './a.ts';\n",
    },
    asks,
    { 'src/mid.ts': '' },
  ],
  'bad: a script without its types': [
    { 'index.js': "export { one, trim } from './lib/a.js';\n" },
    trim,
    js,
  ],
  'bad: a script with types of something else': [
    {
      'index.js': "export { one, trim } from './lib/a.js';\n",
      'index.d.ts':
        'export const one: number;\nexport function trim(text: string): string;\nexport const more: 1;\n',
    },
    trim,
    js,
  ],
  'bad: a script with types that import': [
    {
      'index.js': "export { one, trim } from './lib/a.js';\n",
      'index.d.ts':
        "export const one: number;\nexport function trim(text: import('x').y): string;\n",
    },
    trim,
    js,
  ],
  'bad: a type out of a script': [
    { 'index.js': "export { one } from './lib/a.js';\nexport { type T } from './lib/t.js';\n" },
    ['`T` is exported from `index.js`'],
    {
      'index.js': "export { one } from './lib/a.js';\n",
      'lib/a.js': js['lib/a.js'],
      'lib/t.ts': 'export type T = 1;\n',
    },
  ],
  'bad: not the index nearest to it': [
    { 'index.ts': "export { day } from './src/a.ts';\n" },
    ['`day` is exported from the index'],
    { 'index.ts': '' },
  ],
  'bad: the old name of a rename': [
    {
      'src/b.ts': 'export const pair = 2;\n',
      'src/index.ts': `${one}\nexport { two } from './b.ts';${rest}`,
    },
    ['Rename `two` to `pair`', '`pair` is exported from `src/index.ts`'],
  ],
});
