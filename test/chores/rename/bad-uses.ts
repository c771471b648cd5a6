// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { bothReject } from '../ask-judges.ts';

const rename = ['Rename `total` to `sum`'];
const home = 'export const total = (list: number[]): number => list.length;\n';
const renamed = home.replace('total', 'sum');
const user = "import { total } from './a.ts';\nexport const b = total([]);\n";
const used = user.replaceAll('total', 'sum');

each(bothReject, {
  'nothing is done': [rename, { 'a.ts': home }, {}],
  'the declaration is not renamed': [rename, { 'a.ts': home, 'b.ts': user }, { 'b.ts': used }],
  'an importer is left': [rename, { 'a.ts': home, 'b.ts': user }, { 'a.ts': renamed }],
  'an importer in JavaScript is left': [
    rename,
    { 'a.ts': home, 'b.mjs': user },
    { 'a.ts': renamed },
  ],
  'an import is renamed, its use not': [
    rename,
    { 'a.ts': home, 'b.ts': user },
    { 'a.ts': renamed, 'b.ts': user.replace('total', 'sum') },
  ],
  'a use is renamed, its import not': [
    rename,
    { 'a.ts': home, 'b.ts': user },
    { 'a.ts': renamed, 'b.ts': user.replace('= total', '= sum') },
  ],
  'a local name is kept by an alias': [
    rename,
    { 'a.ts': home, 'b.ts': user },
    { 'a.ts': renamed, 'b.ts': user.replace('total', 'sum as total') },
  ],
  'an alias is renamed as well': [
    rename,
    { 'a.ts': home, 'b.ts': "import { total as t } from './a.ts';\nexport const b = t([]);\n" },
    { 'a.ts': renamed, 'b.ts': used },
  ],
  'an alias that is the old name is renamed': [
    rename,
    {
      'a.ts': home,
      'x.ts': 'export const x = 1;\n',
      'b.ts': "import { x as total } from './x.ts';\nexport const b = total;\n",
    },
    { 'a.ts': renamed, 'b.ts': "import { x as sum } from './x.ts';\nexport const b = sum;\n" },
  ],
  'the old name is exported besides': [
    rename,
    { 'a.ts': home },
    { 'a.ts': `${renamed}export { sum as total };\n` },
  ],
  'the export keeps the old name': [
    rename,
    { 'a.ts': 'const total = 1;\nexport { total };\n' },
    { 'a.ts': 'const sum = 1;\nexport { sum as total };\n' },
  ],
  'a list keeps the old name': [
    rename,
    {
      'a.ts': home,
      'list.ts': "export { total } from './a.ts';\n",
      'b.ts': "import { total } from './list.ts';\ntotal([]);\n",
    },
    { 'a.ts': renamed, 'list.ts': "export { sum as total } from './a.ts';\n" },
  ],
  'an importer of a list is left': [
    rename,
    {
      'a.ts': home,
      'list.ts': "export { total } from './a.ts';\n",
      'b.ts': "import { total } from './list.ts';\ntotal([]);\n",
    },
    { 'a.ts': renamed, 'list.ts': "export { sum } from './a.ts';\n" },
  ],
  'an importer of a star is left': [
    rename,
    {
      'a.ts': home,
      'list.ts': "export * from './a.ts';\n",
      'b.ts': "import { total } from './list.ts';\ntotal([]);\n",
    },
    { 'a.ts': renamed },
  ],
  'a list is left': [
    rename,
    { 'a.ts': home, 'list.ts': "export { total } from './a.ts';\n" },
    { 'a.ts': renamed },
  ],
  'a use in the same file is left': [
    rename,
    { 'a.ts': `${home}export const b = total([]);\n` },
    { 'a.ts': `${renamed}export const b = total([]);\n` },
  ],
  'one of many uses is left': [
    rename,
    { 'a.ts': `${home}export const b = total([]) + total([1]) + total([2]);\n` },
    { 'a.ts': `${renamed}export const b = sum([]) + sum([1]) + total([2]);\n` },
  ],
  'a member of a module is left': [
    rename,
    {
      'a.ts': home,
      'b.ts': "import * as lists from './a.ts';\nexport const b = lists.total([]);\n",
    },
    { 'a.ts': renamed },
  ],
  'a module taken apart is left': [
    rename,
    {
      'a.ts': home,
      'b.ts': "import * as lists from './a.ts';\nconst { total } = lists;\ntotal([]);\n",
    },
    { 'a.ts': renamed },
  ],
  'a local of a module taken apart is renamed': [
    rename,
    {
      'a.ts': home,
      'b.ts': "import * as lists from './a.ts';\nconst { total } = lists;\ntotal([]);\n",
    },
    {
      'a.ts': renamed,
      'b.ts': "import * as lists from './a.ts';\nconst { sum } = lists;\nsum([]);\n",
    },
  ],
  'a load at run time is left': [
    rename,
    { 'a.ts': home, 'b.ts': "const { total } = await import('./a.ts');\ntotal([]);\nexport {};\n" },
    { 'a.ts': renamed },
  ],
  'a type of an import is left': [
    rename,
    { 'a.ts': home, 'b.ts': "export type T = typeof import('./a.ts').total;\n" },
    { 'a.ts': renamed },
  ],
  'a type query is left': [
    rename,
    { 'a.ts': `${home}export type T = typeof total;\n` },
    { 'a.ts': `${renamed}export type T = typeof total;\n` },
  ],
  'a tag is left': [
    ['Rename `Button` to `Knob`'],
    {
      'a.tsx': 'export const Button = () => <div />;\nexport const B = () => <Button></Button>;\n',
    },
    { 'a.tsx': 'export const Knob = () => <div />;\nexport const B = () => <Knob></Button>;\n' },
  ],
  'a link in a comment is left': [
    rename,
    { 'a.ts': `/** See {@link total}. */\n${home}` },
    { 'a.ts': `/** See {@link total}. */\n${renamed}` },
  ],
  'a type in a comment is left': [
    ['Rename `Options` to `Settings`'],
    {
      'types.ts': 'export interface Options {}\n',
      'run.js': "/** @param {import('./types.ts').Options} o */\nexport const run = (o) => o;\n",
    },
    { 'types.ts': 'export interface Settings {}\n' },
  ],
  'one of two type definitions in comments is left': [
    ['Rename `Options` to `Settings`'],
    {
      'types.ts': 'export interface Options {}\n',
      'run.js':
        "/**\n * @typedef {import('./types').Options} Options\n */\n\n/** @param {import('./types').Options} o */\nexport const run = (o) => o;\n",
    },
    {
      'types.ts': 'export interface Settings {}\n',
      'run.js':
        "/**\n * @typedef {import('./types').Options} Options\n */\n\n/** @param {import('./types').Settings} o */\nexport const run = (o) => o;\n",
    },
  ],
  'types beside a module are left': [
    rename,
    {
      'index.js': 'export function total() {}\n',
      'index.d.ts': 'export function total(): void;\n',
    },
    { 'index.js': 'export function sum() {}\n' },
  ],
  'a module beside its types is left': [
    rename,
    {
      'index.js': 'export function total() {}\n',
      'index.d.ts': 'export function total(): void;\n',
    },
    { 'index.d.ts': 'export function sum(): void;\n' },
  ],
  'types beside a module that hands it on are left': [
    rename,
    {
      'lib.js': 'export function total() {}\n',
      'index.js': "export { total } from './lib.js';\n",
      'index.d.ts': 'export function total(): void;\n',
    },
    { 'lib.js': 'export function sum() {}\n', 'index.js': "export { sum } from './lib.js';\n" },
  ],
  'an overload is left': [
    rename,
    {
      'a.ts':
        'export function total(a: 1): 1;\nexport function total(a: 2): 2;\nexport function total(a: any) {\n  return a;\n}\n',
    },
    {
      'a.ts':
        'export function sum(a: 1): 1;\nexport function total(a: 2): 2;\nexport function sum(a: any) {\n  return a;\n}\n',
    },
  ],
  'the type of a value is left': [
    ['Rename `Kind` to `Sort`'],
    { 'a.ts': "export const Kind = ['a'] as const;\nexport type Kind = (typeof Kind)[number];\n" },
    { 'a.ts': "export const Sort = ['a'] as const;\nexport type Kind = (typeof Sort)[number];\n" },
  ],
});
