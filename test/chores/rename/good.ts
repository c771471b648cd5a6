// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { bothApprove } from '../ask-judges.ts';

const rename = ['Rename `total` to `sum`'];
const home = 'export const total = (list: number[]): number => list.length;\n';
const renamed = home.replace('total', 'sum');

each(bothApprove, {
  'the declaration alone': [rename, { 'a.ts': home }, { 'a.ts': renamed }],
  'one that is not exported': [
    rename,
    { 'a.ts': 'const total = 1;\nexport const twice = total * 2;\n' },
    { 'a.ts': 'const sum = 1;\nexport const twice = sum * 2;\n' },
  ],
  'an importer': [
    rename,
    { 'a.ts': home, 'b.ts': "import { total } from './a.ts';\nexport const b = total([]);\n" },
    { 'a.ts': renamed, 'b.ts': "import { sum } from './a.ts';\nexport const b = sum([]);\n" },
  ],
  'an importer without the ending': [
    rename,
    { 'a.ts': home, 'b.ts': "import { total } from './a';\nexport const b = total([]);\n" },
    { 'a.ts': renamed, 'b.ts': "import { sum } from './a';\nexport const b = sum([]);\n" },
  ],
  'an importer with a name of its own': [
    rename,
    { 'a.ts': home, 'b.ts': "import { total as t } from './a.ts';\nexport const b = t([]);\n" },
    { 'a.ts': renamed, 'b.ts': "import { sum as t } from './a.ts';\nexport const b = t([]);\n" },
  ],
  'an importer through a list and a star': [
    rename,
    {
      'a.ts': home,
      'list.ts': "export { total } from './a.ts';\n",
      'star.ts': "export * from './list.ts';\n",
      'b.ts': "import { total } from './star.ts';\nexport const b = total([]);\n",
    },
    {
      'a.ts': renamed,
      'list.ts': "export { sum } from './a.ts';\n",
      'b.ts': "import { sum } from './star.ts';\nexport const b = sum([]);\n",
    },
  ],
  'exported under another name': [
    rename,
    {
      'a.ts': 'const total = 1;\nexport { total as count };\nexport default total;\n',
      'b.ts': "import { count as total } from './a.ts';\nexport const b = total;\n",
    },
    { 'a.ts': 'const sum = 1;\nexport { sum as count };\nexport default sum;\n' },
  ],
  'handed on under another name': [
    rename,
    { 'a.ts': home, 'b.ts': "export { total as count } from './a.ts';\n" },
    { 'a.ts': renamed, 'b.ts': "export { sum as count } from './a.ts';\n" },
  ],
  'exported by a list': [
    rename,
    {
      'a.ts': 'function total() {}\nexport { total };\n',
      'b.ts': "import { total } from './a.ts';\ntotal();\n",
    },
    {
      'a.ts': 'function sum() {}\nexport { sum };\n',
      'b.ts': "import { sum } from './a.ts';\nsum();\n",
    },
  ],
  'imported and exported again': [
    rename,
    {
      'a.ts': home,
      'b.ts': "import { total } from './a.ts';\nexport { total };\n",
      'c.ts': "import { total } from './b.ts';\ntotal([]);\n",
    },
    {
      'a.ts': renamed,
      'b.ts': "import { sum } from './a.ts';\nexport { sum };\n",
      'c.ts': "import { sum } from './b.ts';\nsum([]);\n",
    },
  ],
  'a shorthand property': [
    rename,
    { 'a.ts': `${home}export const all = () => ({ total, size: 1 });\n` },
    { 'a.ts': `${renamed}export const all = () => ({ total: sum, size: 1 });\n` },
  ],
  'an assignment to a pattern': [
    rename,
    { 'a.ts': 'let total = 1;\nexport const set = (o: any) => ({ total } = o);\n' },
    { 'a.ts': 'let sum = 1;\nexport const set = (o: any) => ({ total: sum } = o);\n' },
  ],
  'members of a module': [
    rename,
    {
      'a.ts': home,
      'b.ts':
        "import * as lists from './a.ts';\nexport const b = lists.total([]) + { total: 1 }.total;\nexport type T = typeof lists.total;\n",
    },
    {
      'a.ts': renamed,
      'b.ts':
        "import * as lists from './a.ts';\nexport const b = lists.sum([]) + { total: 1 }.total;\nexport type T = typeof lists.sum;\n",
    },
  ],
  'a module taken apart': [
    rename,
    {
      'a.ts': home,
      'b.ts':
        "import * as lists from './a.ts';\nconst { total } = lists;\nconst { total: t } = await import('./a.ts');\nexport const b = total([]) + t([]) + (await import('./a.ts')).total([]);\n",
    },
    {
      'a.ts': renamed,
      'b.ts':
        "import * as lists from './a.ts';\nconst { sum: total } = lists;\nconst { sum: t } = await import('./a.ts');\nexport const b = total([]) + t([]) + (await import('./a.ts')).sum([]);\n",
    },
  ],
  'a module that another exports as a name': [
    rename,
    {
      'a.ts': home,
      'lists.ts': "export * as lists from './a.ts';\n",
      'b.ts': "import { lists } from './lists.ts';\nexport const b = lists.total([]);\n",
    },
    {
      'a.ts': renamed,
      'b.ts': "import { lists } from './lists.ts';\nexport const b = lists.sum([]);\n",
    },
  ],
  'a type of an import': [
    rename,
    { 'a.ts': home, 'b.ts': "export type T = ReturnType<typeof import('./a.ts').total>;\n" },
    { 'a.ts': renamed, 'b.ts': "export type T = ReturnType<typeof import('./a.ts').sum>;\n" },
  ],
  'what another file adds to it by the package’s name': [
    ['Rename `Plugins` to `PluginMap`'],
    {
      'package.json': '{"name":"store"}',
      'src/index.ts': 'export interface Plugins {\n  core: true;\n}\n',
      'src/extra.ts':
        "declare module 'store' {\n  interface Plugins {\n    extra: true;\n  }\n}\nexport const extra = 1;\n",
    },
    {
      'src/index.ts': 'export interface PluginMap {\n  core: true;\n}\n',
      'src/extra.ts':
        "declare module 'store' {\n  interface PluginMap {\n    extra: true;\n  }\n}\nexport const extra = 1;\n",
    },
  ],
});
