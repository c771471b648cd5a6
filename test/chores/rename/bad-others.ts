// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { bothReject } from '../ask-judges.ts';

const rename = ['Rename `total` to `sum`'];
const home = 'export const total = (list: number[]): number => list.length;\n';
const renamed = home.replace('total', 'sum');

type Files = Readonly<Record<string, string>>;
type Row = [acceptance: readonly string[], before: Files, after: Files];

/** Both texts stand below the declaration. */
const below = (before: string, after: string, path = 'a.ts'): Row => [
  rename,
  { [path]: `${home}${before}\n` },
  { [path]: `${renamed}${after}\n` },
];

each(bothReject, {
  'a member of another object': [
    ['Rename `get` to `find`'],
    { 'a.ts': 'const cache = new Map();\nexport const get = (id: number) => cache.get(id);\n' },
    { 'a.ts': 'const cache = new Map();\nexport const find = (id: number) => cache.find(id);\n' },
  ],
  'a member behind `?.`': below(
    'export const f = (o: any) => o?.total;',
    'export const f = (o: any) => o?.sum;',
  ),
  'a key': below('export const o = { total: 1 };', 'export const o = { sum: 1 };'),
  'a key between quotes': below(
    "export const o = { 'total': 1 };",
    "export const o = { 'sum': 1 };",
  ),
  'a method': below('export const o = { total() {} };', 'export const o = { sum() {} };'),
  'a member of a class': below('export class C { total = 1 }', 'export class C { sum = 1 }'),
  'a private member': below('export class C { #total = 1 }', 'export class C { #sum = 1 }'),
  'a member of an interface': below(
    'export interface I { total: 1 }',
    'export interface I { sum: 1 }',
  ),
  'a member of an enum is renamed': below('export enum E { total }', 'export enum E { sum }'),
  'a label': below('total: for (;;) break total;', 'sum: for (;;) break sum;'),
  'a parameter is renamed': below(
    'export const f = (total: 1) => total;',
    'export const f = (sum: 1) => sum;',
  ),
  'a parameter, in part': below(
    'export const f = (total: 1) => total;',
    'export const f = (total: 1) => sum;',
  ),
  'a local': below(
    'export const f = () => { const total = 1; return total; };',
    'export const f = () => { const sum = 1; return sum; };',
  ),
  'a use of a local': below(
    'export const f = () => { const total = 1; return total; };',
    'export const f = () => { const total = 1; return sum; };',
  ),
  'a local that is declared later in the block': below(
    'export function f() { { total; let total = 1; } }',
    'export function f() { { sum; let total = 1; } }',
  ),
  'a `var` of a function': below(
    'export function f() { total; { var total = 1; } }',
    'export function f() { sum; { var total = 1; } }',
  ),
  'what is caught is renamed': below(
    'try {} catch (total) { total; }',
    'try {} catch (sum) { sum; }',
  ),
  'the name of a function expression is renamed': below(
    'export const f = function total() { return total; };',
    'export const f = function sum() { return sum; };',
  ),
  'a type parameter is renamed': below(
    'export type T<total> = total[];',
    'export type T<sum> = sum[];',
  ),
  'a part of a pattern': below(
    'export const f = ({ total }: any) => total;',
    'export const f = ({ sum }: any) => sum;',
  ),
  'the key of a pattern': below(
    'export const f = ({ total: t }: any) => t;',
    'export const f = ({ sum: t }: any) => t;',
  ),
  'an attribute': below(
    'export const P = () => <p total="1" />;',
    'export const P = () => <p sum="1" />;',
    'a.tsx',
  ),
  'text in markup': below(
    'export const P = () => <p>the total</p>;',
    'export const P = () => <p>the sum</p>;',
    'a.tsx',
  ),
  'a string': below("export const s = 'total';", "export const s = 'sum';"),
  'a template': below('export const s = `the total`;', 'export const s = `the sum`;'),
  'a template around a use': below(
    `export const s = \`total \${total([])}\`;`,
    `export const s = \`sum \${sum([])}\`;`,
  ),
  'a regular expression': below('export const r = /total/;', 'export const r = /sum/;'),
  'the title of a test': below(
    "test('total of a list', () => {});",
    "test('sum of a list', () => {});",
  ),
  'a shorthand that loses its key': below(
    'export const f = () => ({ total });',
    'export const f = () => ({ sum });',
  ),
  'a shorthand that is turned round': below(
    'export const f = () => ({ total });',
    'export const f = () => ({ sum: total });',
  ),
  'a shorthand of a local': below(
    'export const f = (total: 1) => ({ total });',
    'export const f = (total: 1) => ({ total: sum });',
  ),
  'a documented parameter': below(
    '/** @param total it */\nexport const f = (total: 1) => total;',
    '/** @param sum it */\nexport const f = (total: 1) => total;',
  ),
  'a comment for a tool': below(
    '// eslint-disable-next-line total\nexport const x = 1;',
    '// eslint-disable-next-line sum\nexport const x = 1;',
  ),
  'a path in a comment': below(
    '// see ./total.ts\nexport const x = 1;',
    '// see ./sum.ts\nexport const x = 1;',
  ),
  'a reference in a comment': below(
    '/// <reference path="./total.ts" />',
    '/// <reference path="./sum.ts" />',
  ),
  'other words of a comment': below(
    '// the total of it\nexport const x = 1;',
    '// the sum of all\nexport const x = 1;',
  ),
  'a comment is gone': below('// the total\nexport const x = 1;', 'export const x = 1;'),
  'a longer name': below('export const totals = 1;', 'export const sums = 1;'),
  'a name of another case': below('export const Total = 1;', 'export const Sum = 1;'),
  'white space': below('export const x =  1;', 'export const x = 1;'),
  'a line more': below('export const x = 1;', 'export const x = 1;\nexport const y = 2;'),
  'a line less': below('export const x = 1;\nexport const y = 2;', 'export const x = 1;'),
  'another value': below('export const x = 1;', 'export const x = 2;'),
  'another specifier': [
    rename,
    { 'a.ts': home, 'b.ts': "import { total } from './a.ts';\ntotal([]);\n" },
    { 'a.ts': renamed, 'b.ts': "import { sum } from './a';\nsum([]);\n" },
  ],
  'another module': [
    rename,
    { 'total.ts': home, 'b.ts': "import { total } from './total.ts';\ntotal([]);\n" },
    { 'total.ts': renamed, 'b.ts': "import { sum } from './sum.ts';\nsum([]);\n" },
  ],
  'a name of another package is renamed': [
    rename,
    {
      'package.json': '{"name":"p","dependencies":{"sums":"1"}}',
      'a.ts': home,
      'b.ts': "import { total } from 'sums';\ntotal();\n",
    },
    { 'a.ts': renamed, 'b.ts': "import { sum } from 'sums';\nsum();\n" },
  ],
  'another module of the same name': [
    rename,
    { 'a.ts': home, 'b.ts': 'const total = 3;\nexport const b = total;\n' },
    { 'a.ts': renamed, 'b.ts': 'const sum = 3;\nexport const b = sum;\n' },
  ],
  'a default import is renamed': [
    rename,
    {
      'a.ts': 'export default function total() {}\n',
      'b.ts': "import total from './a.ts';\ntotal();\n",
    },
    { 'a.ts': 'export default function sum() {}\n', 'b.ts': "import sum from './a.ts';\nsum();\n" },
  ],
  'a parameter captures it': [
    ['Rename `factor` to `value`'],
    { 'a.ts': 'const factor = 2;\nexport const f = (value: number) => value * factor;\n' },
    { 'a.ts': 'const value = 2;\nexport const f = (value: number) => value * value;\n' },
  ],
  'a local captures it': below(
    'export const f = () => { const sum = 1; return total([sum]); };',
    'export const f = () => { const sum = 1; return sum([sum]); };',
  ),
  'a parameter of an importer captures it': [
    rename,
    {
      'a.ts': home,
      'b.ts': "import { total } from './a.ts';\nexport const f = (sum: number[]) => total(sum);\n",
    },
    {
      'a.ts': renamed,
      'b.ts': "import { sum } from './a.ts';\nexport const f = (sum: number[]) => sum(sum);\n",
    },
  ],
  'a type parameter captures it': [
    ['Rename `Kind` to `T`'],
    { 'a.ts': 'export type Kind = 1;\nexport type Both<T> = [T, Kind];\n' },
    { 'a.ts': 'export type T = 1;\nexport type Both<T> = [T, T];\n' },
  ],
  'the new name is declared already': below(
    'export const twice = 1;\nconst sum = 2;',
    'export const twice = 1;\nconst sum = 2;',
  ),
  'an importer has the new name already': [
    rename,
    {
      'a.ts': home,
      'x.ts': 'export const sum = 1;\n',
      'b.ts': "import { total } from './a.ts';\nimport { sum } from './x.ts';\ntotal([sum]);\n",
    },
    {
      'a.ts': renamed,
      'b.ts': "import { sum } from './a.ts';\nimport { sum } from './x.ts';\nsum([sum]);\n",
    },
  ],
  'a list has the new name already': [
    rename,
    {
      'a.ts': home,
      'x.ts': 'export const sum = 1;\n',
      'list.ts': "export * from './a.ts';\nexport * from './x.ts';\n",
      'b.ts': "import { sum } from './list.ts';\nexport const b = sum;\n",
    },
    { 'a.ts': renamed },
  ],
  'a global of the file gets hidden': below(
    'export const f = () => sum;',
    'export const f = () => sum;',
  ),
  'a global is renamed': [
    ['Rename `total` to `fetch`'],
    { 'a.ts': home },
    { 'a.ts': home.replace('total', 'fetch') },
  ],
  'a type of the language': [
    ['Rename `Options` to `Partial`'],
    { 'a.ts': 'export interface Options {}\n' },
    { 'a.ts': 'export interface Partial {}\n' },
  ],
  'a component that becomes an element': [
    ['Rename `Button` to `button`'],
    { 'a.tsx': 'export const Button = () => <div />;\nexport const B = () => <Button />;\n' },
    { 'a.tsx': 'export const button = () => <div />;\nexport const B = () => <button />;\n' },
  ],
  'a configuration': [
    rename,
    { 'a.ts': home, 'c.json': '{ "total": 1 }\n' },
    { 'a.ts': renamed, 'c.json': '{ "sum": 1 }\n' },
  ],
  'a link of a document': [
    rename,
    { 'a.ts': home, 'd.md': 'See [it](./total.ts).\n' },
    { 'a.ts': renamed, 'd.md': 'See [it](./sum.ts).\n' },
  ],
  'metadata of a document': [
    rename,
    { 'a.ts': home, 'd.md': '---\ntotal: 1\n---\n\nthe total\n' },
    { 'a.ts': renamed, 'd.md': '---\nsum: 1\n---\n\nthe sum\n' },
  ],
  'a sentence of a document': [
    rename,
    { 'a.ts': home, 'd.md': 'the total of it\n' },
    { 'a.ts': renamed, 'd.md': 'the sum of all\n' },
  ],
  'a file is new': [rename, { 'a.ts': home }, { 'a.ts': renamed, 'b.ts': 'export {};\n' }],
  'a file is gone': [
    rename,
    { 'a.ts': home, 'b.ts': 'export {};\n' },
    { 'a.ts': renamed, 'b.ts': undefined },
  ],
  'another new name': [rename, { 'a.ts': home }, { 'a.ts': home.replace('total', 'sums') }],
  'one of two renames': [
    [...rename, 'Rename `twice` to `double`'],
    { 'a.ts': `${home}export const twice = 2;\n` },
    { 'a.ts': `${renamed}export const twice = 2;\n` },
  ],
  'two renames, one of them in part': [
    [...rename, 'Rename `twice` to `double`'],
    { 'a.ts': `${home}export const twice = total([]);\nexport const four = twice * 2;\n` },
    { 'a.ts': `${renamed}export const double = sum([]);\nexport const four = twice * 2;\n` },
  ],
  'two names exchanged': [
    [...rename, 'Rename `twice` to `double`'],
    { 'a.ts': `${home}export const twice = 2;\n` },
    { 'a.ts': `${home.replace('total', 'double')}export const sum = 2;\n` },
  ],
});
