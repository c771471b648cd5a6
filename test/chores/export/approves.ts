// SPDX-License-Identifier: GPL-3.0-only
import { bothApprove } from '../ask-judges.ts';
import { asks, base, edit, js, one, own, rest, table, trim, type } from './rows.ts';

const modules = Array.from({ length: 120 }, (_, at) => at);
const stars = modules.map((at) => `export * from './m${at}.ts';\n`).join('');
const many = Object.fromEntries(
  modules.map((at) => [`src/m${at}.ts`, `export const n${at} = ${at};\n`]),
);

table(bothApprove, {
  'good: into an index of stars over many modules': [
    `${stars}export { day } from './a.ts';\n`,
    asks,
    { ...many, 'src/index.ts': stars },
  ],
  'good: into the list': [`export { one, day } from './a.ts';${rest}`],
  'good: into the list, first': [`export { day, one } from './a.ts';${rest}`],
  'good: into the list, with a comma behind': [`export { one, day, } from './a.ts';${rest}`],
  'good: into the list, which takes lines now': [
    `export {\n  day,\n  one,\n} from './a.ts';${rest}`,
  ],
  'good: a statement of its own': [`${one}\nexport { day } from './a.ts';${rest}`],
  'good: a statement of its own with other quotes': [`${one}\nexport { day } from "./a.ts"${rest}`],
  'good: a statement on top': [`export { day } from './a.ts';\n${one}${rest}`],
  'good: a statement at the end': [`${one}${rest}export { day } from './a.ts';\n`],
  'good: a statement at the end, below an empty line': [
    `${one}${rest}\nexport { day } from './a.ts';\n`,
  ],
  'good: a statement between empty lines': [`${one}\n\nexport { day } from './a.ts';${rest}`],
  'good: a specifier without an ending': [`${one}\nexport { day } from './a';${rest}`],
  'good: a specifier as it is once compiled': [`${one}\nexport { day } from './a.js';${rest}`],
  'good: two names of one sentence': [
    `export { day, one, type Day } from './a.ts';${rest}`,
    ['`day` and `Day` are exported from `src/index.ts`'],
  ],
  'good: two names of two sentences': [
    `export { one } from './a.ts';\nexport { day } from './a.ts';\nexport { two } from './b.ts';${rest}`,
    [...asks, '`two` is exported from `src/index.ts`'],
  ],
  'good: two names of two sentences in one list': [
    `export { day, type Day, one } from './a.ts';${rest}`,
    [...asks, ...type],
  ],
  'good: a type as a type': [`${one}\nexport type { Day } from './a.ts';${rest}`, type],
  'good: a type within the list': [`export { one, type Day } from './a.ts';${rest}`, type],
  'good: the word before a declaration': [edit('const inner', 'export const inner'), own],
  'good: the word before each overload': [
    edit(
      'function over(a: string): void;\nfunction over',
      'export function over(a: string): void;\nexport function over',
    ),
    ['`over` is exported from `src/a.ts`'],
  ],
  'good: a list in the module itself': [
    { 'src/a.ts': `${base['src/a.ts']}\nexport { inner };\n` },
    own,
  ],
  'good: the word there, and the name in the index': [
    {
      ...edit('const inner', 'export const inner'),
      'src/index.ts': `export { one, inner } from './a.ts';${rest}`,
    },
    ['`inner` is exported from `src/index.ts`'],
  ],
  'good: the word there, where the index has all': [
    edit('const inner', 'export const inner'),
    ['`inner` is exported from `src/index.ts`'],
    { 'src/index.ts': "export * from './a.ts';\n" },
  ],
  'good: the word there, where the index has all of one that has all': [
    edit('const inner', 'export const inner'),
    ['`inner` is exported from `src/index.ts`'],
    { 'src/index.ts': "export * from './mid';\n", 'src/mid.ts': "export * from './a';\n" },
  ],
  'good: a default by its name': [
    `${one}\nexport { default as main } from './a.ts';${rest}`,
    ['`main` is exported from `src/index.ts`'],
  ],
  'good: a name that the index imports': [
    "import { day } from './a.ts';\nexport { day };\nday(1);\n",
    asks,
    { 'src/index.ts': "import { day } from './a.ts';\nday(1);\n" },
  ],
  'good: a name from a module between': [
    `${one}\nexport { day } from './mid.ts';${rest}`,
    asks,
    { 'src/mid.ts': "export { day } from './a.ts';\n" },
  ],
  'good: from the module that is named': [
    `${one}\nexport { two } from './c.ts';${rest}`,
    ['`two` is exported from `src/c.ts` in `src/index.ts`'],
    { 'src/c.ts': 'export const two = 3;\n' },
  ],
  'good: a name of an acting module that is loaded already': [
    "import './run.ts';\n\nexport { fast } from './run.ts';\n",
    ['`fast` is exported from `src/index.ts`'],
    { 'src/index.ts': "import './run.ts';\n" },
  ],
  'good: a name of an acting module that an index of stars loads already': [
    "import { one } from './all.ts';\nexport { fast } from './run.ts';\n\nconst two = one;\n",
    ['`fast` is exported from `src/index.ts`'],
    {
      'src/index.ts': "import { one } from './all.ts';\n\nconst two = one;\n",
      'src/all.ts': "export { one } from './a.ts';\nexport * from './run.ts';\n",
    },
  ],
  'good: into an empty index': ["export { day } from './a.ts';\n", asks, { 'src/index.ts': '' }],
  'good: behind a last line without an end': [
    `${one}\nexport { day } from './a.ts';\n`,
    asks,
    { 'src/index.ts': one },
  ],
  'good: in a file of carriage returns': [
    `${one}\r\nexport { day } from './a.ts';\r\nlet x;\r\n`,
    asks,
    { 'src/index.ts': `${one}\r\nlet x;\r\n` },
  ],
  'good: below a comment at the end of the line': [
    `${one} // one\nexport { day } from './a.ts';\n\n// x\nlet x;\n`,
    asks,
    { 'src/index.ts': `${one} // one\n\n// x\nlet x;\n` },
  ],
  'good: into a list with comments': [
    "export {\n  // one\n  one,\n  day,\n} from './a.ts';\n",
    asks,
    { 'src/index.ts': "export {\n  // one\n  one,\n} from './a.ts';\n" },
  ],
  'good: nothing to do': [{}, ['`one` is exported from `src/index.ts`']],
  'good: nothing to do, by a star': [{}, asks, { 'src/index.ts': "export * from './a.ts';\n" }],
  'good: a script and its types': [
    {
      'index.js': "export { one, trim } from './lib/a.js';\n",
      'index.d.ts': 'export const one: number;\nexport function trim(text: string): string;\n',
    },
    trim,
    js,
  ],
  'good: a script whose types have it': [
    { 'index.js': "export { one, trim } from './lib/a.js';\n" },
    trim,
    {
      ...js,
      'index.d.ts': 'export const one: number;\nexport function trim(text: string): string;\n',
    },
  ],
  'good: from the index nearest to it': [
    { 'src/index.ts': `export { one, day } from './a.ts';${rest}` },
    ['`day` is exported from the index'],
    { 'index.ts': '' },
  ],
  'good: renamed and exported': [
    {
      'src/b.ts': 'export const pair = 2;\n',
      'src/index.ts': `${one}\nexport { pair } from './b.ts';${rest}`,
    },
    ['Rename `two` to `pair`', '`pair` is exported from `src/index.ts`'],
  ],
});
