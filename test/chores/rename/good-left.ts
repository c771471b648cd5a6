// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { bothApprove } from '../ask-judges.ts';

const rename = ['Rename `total` to `sum`'];
const home = 'export const total = (list: number[]): number => list.length;\n';
const renamed = home.replace('total', 'sum');

each(bothApprove, {
  'others of the same name': [
    rename,
    {
      'a.ts': `${home}export const f = (total: number, o: { total: number }) => total + o.total;\nexport const g = () => {\n  const total = 'total';\n  total: for (;;) break total;\n  return { total };\n};\nexport class C { total = total([1]); get() { return this.total; } }\n`,
    },
    {
      'a.ts': `${renamed}export const f = (total: number, o: { total: number }) => total + o.total;\nexport const g = () => {\n  const total = 'total';\n  total: for (;;) break total;\n  return { total };\n};\nexport class C { total = sum([1]); get() { return this.total; } }\n`,
    },
  ],
  'an unrelated module with the same name': [
    rename,
    { 'a.ts': home, 'b.ts': 'const total = 3;\nexport const b = total;\n' },
    { 'a.ts': renamed },
  ],
  'texts and templates stay': [
    rename,
    {
      'a.ts': `${home}export const text = (n: number[]) => \`the total is \${total(n)}\` + 'total';\n`,
    },
    {
      'a.ts': `${renamed}export const text = (n: number[]) => \`the total is \${sum(n)}\` + 'total';\n`,
    },
  ],
  'text in markup stays': [
    rename,
    {
      'a.tsx': `${home}export const P = ({ n }: { n: number[] }) => (\n  <p title="total">\n    The total is {total(n)}\n  </p>\n);\n`,
    },
    {
      'a.tsx': `${renamed}export const P = ({ n }: { n: number[] }) => (\n  <p title="total">\n    The total is {sum(n)}\n  </p>\n);\n`,
    },
  ],
  'a tag': [
    ['Rename `Button` to `Knob`'],
    {
      'a.tsx': 'export function Button() {\n  return <div />;\n}\n',
      'b.tsx':
        "import { Button } from './a';\nexport const B = () => <Button><Button /></Button>;\n",
    },
    {
      'a.tsx': 'export function Knob() {\n  return <div />;\n}\n',
      'b.tsx': "import { Knob } from './a';\nexport const B = () => <Knob><Knob /></Knob>;\n",
    },
  ],
  'words in comments, renamed or left': [
    rename,
    {
      'a.ts': `/**\n  total of a list\n*/\n${home}\n// total, total\nexport const twice = total([]) * 2; // the total\n`,
    },
    {
      'a.ts': `/**\n  total of a list\n*/\n${renamed}\n// total, sum\nexport const twice = sum([]) * 2; // the sum\n`,
    },
  ],
  'links in comments are renamed, words and documents as one likes': [
    rename,
    {
      'a.ts': `/**\n * Adds; see {@link total} and \`total\`.\n *\n * @example\n * total([1]); // 1\n */\n${home}`,
      'README.md': 'Call `total`, and total again.\n',
    },
    {
      'a.ts': `/**\n * Adds; see {@link sum} and \`total\`.\n *\n * @example\n * sum([1]); // 1\n */\n${renamed}`,
      'README.md': 'Call `sum`, and total again.\n',
    },
  ],
  'a parameter that a comment documents': [
    rename,
    {
      'a.ts': `${home}/** @param total the total */\nexport const f = (total: number) => total;\n`,
    },
    {
      'a.ts': `${renamed}/** @param total the sum */\nexport const f = (total: number) => total;\n`,
    },
  ],
  'types that comments of JavaScript name': [
    ['Rename `Options` to `Settings`'],
    {
      'types.ts': 'export interface Options {\n  readonly deep: boolean;\n}\n',
      'run.js':
        "/**\n * @typedef {import('./types').Options} Options\n */\n\n/** @param {import('./types.js').Options} options @returns {Options} */\nexport const run = (options) => options;\n",
    },
    {
      'types.ts': 'export interface Settings {\n  readonly deep: boolean;\n}\n',
      'run.js':
        "/**\n * @typedef {import('./types').Settings} Options\n */\n\n/** @param {import('./types.js').Settings} options @returns {Options} */\nexport const run = (options) => options;\n",
    },
  ],
  'types beside a module': [
    rename,
    {
      'index.js': 'export function total(list) {\n  return list.length;\n}\n',
      'index.d.ts': '/** Adds. */\nexport function total(list: number[]): number;\n',
      'index.test-d.ts': "import { total } from './index.js';\nconst n: number = total([]);\n",
    },
    {
      'index.js': 'export function sum(list) {\n  return list.length;\n}\n',
      'index.d.ts': '/** Adds. */\nexport function sum(list: number[]): number;\n',
      'index.test-d.ts': "import { sum } from './index.js';\nconst n: number = sum([]);\n",
    },
  ],
  'one of two, by its file': [
    ['Rename `Options` to `Settings` in `src/b.ts`'],
    {
      'src/a.ts': 'export interface Options {\n  a: 1;\n}\n',
      'src/b.ts': 'export interface Options {\n  b: 1;\n}\n',
      'src/use.ts':
        "import type { Options as A } from './a';\nimport type { Options } from './b';\nexport const f = (a: A, b: Options) => [a, b];\n",
    },
    {
      'src/b.ts': 'export interface Settings {\n  b: 1;\n}\n',
      'src/use.ts':
        "import type { Options as A } from './a';\nimport type { Settings } from './b';\nexport const f = (a: A, b: Settings) => [a, b];\n",
    },
  ],
  'a type and a value in one': [
    ['Rename `Kind` to `Sort`'],
    {
      'a.ts':
        "export const Kind = ['a'] as const;\nexport type Kind = (typeof Kind)[number];\nexport const f = (Kind: Kind) => Kind;\n",
    },
    {
      'a.ts':
        "export const Sort = ['a'] as const;\nexport type Sort = (typeof Sort)[number];\nexport const f = (Kind: Sort) => Kind;\n",
    },
  ],
  'overloads, enums and classes': [
    ['Rename `Box` to `Crate`'],
    {
      'a.ts':
        'export class Box<T> {\n  static of<T>(value: T): Box<T> {\n    return new Box<T>();\n  }\n}\nexport interface Box<T> {\n  readonly size: T;\n}\nexport class Big extends Box<number> implements Iterable<Box<1>> {}\n',
    },
    {
      'a.ts':
        'export class Crate<T> {\n  static of<T>(value: T): Crate<T> {\n    return new Crate<T>();\n  }\n}\nexport interface Crate<T> {\n  readonly size: T;\n}\nexport class Big extends Crate<number> implements Iterable<Crate<1>> {}\n',
    },
  ],
  'an export that is the default': [
    rename,
    {
      'a.ts': 'export default function total() {\n  return total.name;\n}\n',
      'b.ts': "import total from './a.ts';\ntotal();\n",
    },
    { 'a.ts': 'export default function sum() {\n  return sum.name;\n}\n' },
  ],
  'packages of one repository': [
    rename,
    {
      'package.json': '{"name":"root","private":true,"workspaces":["packages/*"]}',
      'packages/core/package.json':
        '{"name":"@acme/core","type":"module","exports":"./src/index.ts"}',
      'packages/core/src/index.ts': "export { total } from './lists.ts';\n",
      'packages/core/src/lists.ts': home,
      'packages/web/package.json':
        '{"name":"@acme/web","type":"module","dependencies":{"@acme/core":"workspace:*"}}',
      'packages/web/src/page.ts':
        "import { total } from '@acme/core';\nexport const page = total([]);\n",
    },
    {
      'packages/core/src/index.ts': "export { sum } from './lists.ts';\n",
      'packages/core/src/lists.ts': renamed,
      'packages/web/src/page.ts':
        "import { sum } from '@acme/core';\nexport const page = sum([]);\n",
    },
  ],
  'a path of a tsconfig': [
    rename,
    {
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
      'tsconfig.app.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./src/lib/*"] } } }',
      'src/lib/lists.ts': home,
      'src/app.ts': "import { total } from '@lib/lists';\nexport const out = total([]);\n",
    },
    {
      'src/lib/lists.ts': renamed,
      'src/app.ts': "import { sum } from '@lib/lists';\nexport const out = sum([]);\n",
    },
  ],
  'two names of one file': [
    ['Rename `total` to `sum`', 'Rename `twice` to `double`'],
    {
      'a.ts': `${home}// twice the total\nexport const twice = (n: number[]) => ({ total, twice, n: total(n) * 2 });\n`,
    },
    {
      'a.ts': `${renamed}// double the sum\nexport const double = (n: number[]) => ({ total: sum, twice: double, n: sum(n) * 2 });\n`,
    },
  ],
  'with an export and a header': [
    [
      ...rename,
      '`twice` is exported from `a.ts`',
      'All `*.ts` files start with an SPDX header for MIT',
    ],
    { 'a.ts': `${home}const twice = total([]) * 2;\nexport const four = twice * 2;\n` },
    {
      'a.ts': `// SPDX-License-Identifier: MIT\n${renamed}export const twice = sum([]) * 2;\nexport const four = twice * 2;\n`,
    },
  ],
  'words beside marks': [
    rename,
    {
      'a.ts': `${home}// total-like, (total), "total", total: it, a/total, <total> or $1 + total?\n`,
      'd.md': '- total-like **total** [total](x) total: it | total\n',
    },
    {
      'a.ts': `${renamed}// sum-like, (sum), "sum", sum: it, a/sum, <sum> or $1 + sum?\n`,
      'd.md': '- sum-like **sum** [sum](x) sum: it | total\n',
    },
  ],
  'two sentences for one rename': [
    ['Rename `total` to `sum` in `b.ts`', 'All uses of `total` are renamed to `sum`'],
    { 'a.ts': home, 'b.ts': home, 'c.ts': "import { total } from './b.ts';\ntotal([]);\n" },
    { 'b.ts': renamed, 'c.ts': "import { sum } from './b.ts';\nsum([]);\n" },
  ],
  'a name of another package': [
    rename,
    {
      'package.json': '{"name":"p","dependencies":{"sums":"1"}}',
      'a.ts': home,
      'b.ts': "import { total } from 'sums';\nexport const b = total;\n",
    },
    { 'a.ts': renamed },
  ],
});
