// SPDX-License-Identifier: GPL-3.0-only
import { each } from '../../each.ts';
import { declines, does } from './macros.ts';

const tag = 'export const tag = (x: string) => x;\nexport type Tag = string;\n';
const exportTag = ['`tag` is exported from `src/index.ts`', 'Nothing else changes'];

each(does, {
  'export: a new statement in the style of the others': [
    {
      'src/index.ts': '/* all */\nexport { x } from "./x"; // x\n\nf();\n',
      'src/x.ts': 'export const x = 1;\n',
      'src/tag.ts': tag,
    },
    exportTag,
    {
      'src/index.ts':
        '/* all */\nexport { x } from "./x"; // x\nexport { tag } from "./tag";\n\nf();\n',
    },
  ],
  'export: into the list there is, in order': [
    {
      'src/index.ts': "export { alpha, zeta } from './tag.js'\r\n",
      'src/tag.ts': `${tag}export const alpha = 1, zeta = 2;\n`,
    },
    exportTag,
    { 'src/index.ts': "export { alpha, tag, zeta } from './tag.js'\r\n" },
  ],
  'export: into a list of lines': [
    {
      'src/index.ts': "export {\n  zeta,\n  alpha,\n} from './tag.js';\n",
      'src/tag.ts': `${tag}export const alpha = 1, zeta = 2;\n`,
    },
    exportTag,
    { 'src/index.ts': "export {\n  zeta,\n  alpha,\n  tag,\n} from './tag.js';\n" },
  ],
  'export: a type as a type': [
    { 'src/index.ts': "export { tag } from './tag.ts';\n", 'src/tag.ts': tag },
    ['`Tag` is exported from `src/index.ts`'],
    { 'src/index.ts': "export { tag, type Tag } from './tag.ts';\n" },
  ],
  'export: a value beside a list of types': [
    { 'src/index.ts': "export type { Tag } from './tag.ts';\n", 'src/tag.ts': tag },
    exportTag,
    { 'src/index.ts': "export type { Tag } from './tag.ts';\nexport { tag } from './tag.ts';\n" },
  ],
  'export: what its module keeps to itself': [
    { 'src/index.ts': '', 'src/tag.ts': '/** A tag. */\nfunction tag() {}\n' },
    exportTag,
    {
      'src/index.ts': "export { tag } from './tag.ts';\n",
      'src/tag.ts': '/** A tag. */\nexport function tag() {}\n',
    },
  ],
  'export: from the index nearest to it': [
    {
      'index.ts': '',
      'a/index.ts': "export { b } from './b/b.js';\n",
      'a/b/b.ts': 'export const b = 1;\n',
      'a/b/tag.ts': tag,
    },
    ['`tag` is exported from the index'],
    { 'a/index.ts': "export { b } from './b/b.js';\nexport { tag } from './b/tag.js';\n" },
  ],
  'export: there through a star': [
    {
      'src/index.ts': "export * from './all.ts';\n",
      'src/all.ts': "export * from './tag.ts';\n",
      'src/tag.ts': tag,
    },
    exportTag,
    {},
  ],
  'export: what the named file declares, though another exports one too': [
    { 'src/a.ts': "export const tag = 'a';\n", 'src/b.ts': "const tag = 'b';\n" },
    ['`tag` is exported from `src/b.ts`'],
    { 'src/b.ts': "export const tag = 'b';\n" },
  ],
  'export: from a module that only declares, or that is run already': [
    {
      'src/index.ts': "export { a } from './a.ts';\n",
      'src/a.ts': 'export const a = 1;\nexport const b = 2;\nstart();\n',
      'src/tag.ts': `'use strict';\nimport './a.ts';\n${tag}tag.label = 'x';\n`,
    },
    ['`b` and `tag` are exported from `src/index.ts`'],
    { 'src/index.ts': "export { a, b } from './a.ts';\nexport { tag } from './tag.ts';\n" },
  ],
  'export: a type of a module that runs': [
    { 'src/index.ts': '', 'src/tag.ts': `${tag}start();\n` },
    ['`Tag` is exported from `src/index.ts`'],
    { 'src/index.ts': "export type { Tag } from './tag.ts';\n" },
  ],
  'export: one that two modules take over': [
    {
      'index.ts': "export * from './src/index.ts';\nexport * from './src/tag.ts';\n",
      'src/index.ts': '',
      'src/tag.ts': tag,
    },
    exportTag,
    { 'src/index.ts': "export { tag } from './tag.ts';\n" },
  ],
  'export: a script with types that have it': [
    {
      'index.js': "export { a } from './a.js';\n",
      'index.d.ts': 'export const a: 1;\nexport const b: 2;\n',
      'a.js': 'export const a = 1;\nexport const b = 2;\n',
    },
    ['`b` is exported from `index.js`'],
    { 'index.js': "export { a, b } from './a.js';\n" },
  ],
  'export: several at once': [
    {
      'src/index.ts': "export { a } from './a.ts';\n",
      'src/a.ts': 'export const a = 1;\n',
      'src/tag.ts': tag,
    },
    ['`tag` and `Tag` are exported from `src/index.ts`'],
    { 'src/index.ts': "export { a } from './a.ts';\nexport { tag, type Tag } from './tag.ts';\n" },
  ],
});

each(declines, {
  'export: declared twice': [
    { 'src/index.ts': '', 'src/a.ts': tag, 'src/b.ts': tag },
    exportTag,
    /name the file that is meant/,
  ],
  'export: the name is taken': [
    {
      'src/index.ts': "export { b as tag } from './b.ts';\n",
      'src/b.ts': 'export const b = 1;\n',
      'src/tag.ts': tag,
    },
    ['`tag` is exported from `src/tag.ts` in `src/index.ts`'],
    /another/,
  ],
  'export: the index has types beside it': [
    {
      'src/index.js': '',
      'src/index.d.ts': 'export {};\n',
      'src/tag.js': 'export const tag = 1;\n',
    },
    ['`tag` is exported from `src/index.js`'],
    /index\.d\.ts has the types of src\/index\.js/,
  ],
  'export: no such index': [{ 'src/tag.ts': tag }, exportTag, /no file src\/index\.ts/],
  'export: the index is not in scope': [
    { 'src/index.ts': '', 'lib/tag.ts': tag },
    exportTag,
    /index\.ts/,
    'lib/',
  ],
  'export: a module that runs when it is imported': [
    { 'src/index.ts': '', 'src/tag.ts': `${tag}\nconsole.log(tag('x'));\n` },
    exportTag,
    /src\/tag\.ts:4 runs code/,
  ],
  'export: what a module keeps to itself, and its types too': [
    {
      'index.js': '',
      'a.mjs': 'const a = 1;\n',
      'a.d.mts': 'export {};\n',
    },
    ['`a` is exported from `index.js`'],
    /a\.d\.mts has the types of a\.mjs/,
  ],
  'export: two of a name meet': [
    {
      'index.ts': "export * from './src/index.ts';\n",
      'src/index.ts': "export * from './a.ts';\nexport * from './b.ts';\n",
      'src/a.ts': "export const tag = 'a';\n",
      'src/b.ts': "const tag = 'b';\n",
    },
    ['`tag` is exported from `src/b.ts`'],
    /src\/index\.ts takes over `tag` of src\/a\.ts/,
  ],
});
