// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { bothReject } from '../ask-judges.ts';

const rename = ['Rename `total` to `sum`'];
const home = 'export const total = (list: number[]): number => list.length;\n';
const renamed = home.replace('total', 'sum');

each(bothReject, {
  'a package of the repository is left': [
    rename,
    {
      'packages/core/package.json': '{"name":"@acme/core","exports":"./index.ts"}',
      'packages/core/index.ts': home,
      'packages/web/package.json':
        '{"name":"@acme/web","dependencies":{"@acme/core":"workspace:*"}}',
      'packages/web/page.ts': "import { total } from '@acme/core';\ntotal([]);\n",
    },
    { 'packages/core/index.ts': renamed },
  ],
  'an import by an alias that nobody can follow': [
    rename,
    {
      'package.json': '{"name":"p"}',
      'src/lib/a.ts': home,
      'src/b.ts': "import { total } from '$lib/a';\ntotal([]);\n",
    },
    { 'src/lib/a.ts': renamed },
  ],
  'an import by an alias that nobody can follow, renamed': [
    rename,
    {
      'package.json': '{"name":"p"}',
      'src/lib/a.ts': home,
      'src/b.ts': "import { total } from '$lib/a';\ntotal([]);\n",
    },
    { 'src/lib/a.ts': renamed, 'src/b.ts': "import { sum } from '$lib/a';\nsum([]);\n" },
  ],
  'a file of Vue imports it': [
    rename,
    { 'a.ts': home, 'C.vue': "<script setup>\nimport { total } from './a';\n</script>\n" },
    { 'a.ts': renamed },
  ],
  'a file of Vue imports it, renamed': [
    rename,
    { 'a.ts': home, 'C.vue': "<script setup>\nimport { total } from './a';\n</script>\n" },
    { 'a.ts': renamed, 'C.vue': "<script setup>\nimport { sum } from './a';\n</script>\n" },
  ],
  'a file of Svelte takes the whole module': [
    rename,
    {
      'a.ts': home,
      'C.svelte': "<script>\nimport * as lists from './a';\n</script>\n{lists.total([])}\n",
    },
    { 'a.ts': renamed },
  ],
  'a document with code imports it': [
    ['Rename `Badge` to `Chip`'],
    {
      'Badge.tsx': 'export const Badge = () => <i />;\n',
      'intro.mdx': "import { Badge } from './Badge';\n\n<Badge />\n",
    },
    { 'Badge.tsx': 'export const Chip = () => <i />;\n' },
  ],
  'names of a module are looked up': [
    ['Rename `onClick` to `onPress`'],
    {
      'h.ts': 'export const onClick = () => 1;\n',
      'd.ts':
        "import * as handlers from './h.ts';\nexport const d = (e: string) => (handlers as any)['on' + e]();\n",
    },
    { 'h.ts': 'export const onPress = () => 1;\n' },
  ],
  'names of a module are a type': [
    rename,
    {
      'a.ts': home,
      'b.ts': "import * as lists from './a.ts';\nexport type K = keyof typeof lists;\n",
    },
    { 'a.ts': renamed },
  ],
  'a module is loaded by a worked-out name': [
    rename,
    {
      'src/a.ts': home,
      'b.ts': "export const load = (n: string) => import('./src/' + n + '.ts');\n",
    },
    { 'src/a.ts': renamed },
  ],
  'a module is put in its place in a test': [
    rename,
    {
      'a.ts': home,
      'a.test.ts':
        "import { total } from './a.ts';\nvi.mock('./a.ts', () => ({ total: () => 1 }));\ntotal([]);\n",
    },
    {
      'a.ts': renamed,
      'a.test.ts':
        "import { sum } from './a.ts';\nvi.mock('./a.ts', () => ({ total: () => 1 }));\nsum([]);\n",
    },
  ],
  'another file adds to the module': [
    ['Rename `Plugins` to `PluginMap`'],
    {
      'package.json': '{"name":"store"}',
      'index.ts': 'export interface Plugins {\n  core: true;\n}\n',
      'extra.ts':
        "declare module './index' {\n  interface Plugins {\n    extra: true;\n  }\n}\nexport const extra = 1;\n",
    },
    { 'index.ts': 'export interface PluginMap {\n  core: true;\n}\n' },
  ],
  'a script declares another module of its name': [
    ['Rename `Plugins` to `PluginMap`'],
    {
      'package.json': '{"name":"store"}',
      'index.ts': 'export interface Plugins {\n  core: true;\n}\n',
      'extra.d.ts': "declare module './index' {\n  interface Plugins {\n    extra: true;\n  }\n}\n",
    },
    {
      'index.ts': 'export interface PluginMap {\n  core: true;\n}\n',
      'extra.d.ts':
        "declare module './index' {\n  interface PluginMap {\n    extra: true;\n  }\n}\n",
    },
  ],
  'what is added to is handed on by name': [
    ['Rename `Plugins` to `PluginMap`'],
    {
      'plugins.ts': 'export interface Plugins {\n  core: true;\n}\n',
      'index.ts': "export { Plugins } from './plugins';\n",
      'extra.ts':
        "declare module './index' {\n  interface Plugins {\n    extra: true;\n  }\n}\nexport const extra = 1;\n",
    },
    {
      'plugins.ts': 'export interface PluginMap {\n  core: true;\n}\n',
      'index.ts': "export { PluginMap } from './plugins';\n",
      'extra.ts':
        "declare module './index' {\n  interface Plugins {\n    extra: true;\n  }\n}\nexport const extra = 1;\n",
    },
  ],
  'a comment names it for the compiler': [
    rename,
    {
      'a.ts': home,
      'b.tsx':
        "/** @jsx total */\nimport { total } from './a';\nexport const b = <i>{total([])}</i>;\n",
    },
    {
      'a.ts': renamed,
      'b.tsx':
        "/** @jsx total */\nimport { sum } from './a';\nexport const b = <i>{sum([])}</i>;\n",
    },
  ],
  'which of two is meant is not said': [
    rename,
    { 'a.ts': home, 'b.ts': home },
    { 'a.ts': renamed },
  ],
  'two are renamed': [rename, { 'a.ts': home, 'b.ts': home }, { 'a.ts': renamed, 'b.ts': renamed }],
  'the other one is renamed': [
    ['Rename `total` to `sum` in `b.ts`'],
    { 'a.ts': home, 'b.ts': home },
    { 'a.ts': renamed },
  ],
  'both are renamed where one is said': [
    ['Rename `total` to `sum` in `b.ts`'],
    { 'a.ts': home, 'b.ts': home },
    { 'a.ts': renamed, 'b.ts': renamed },
  ],
});
