// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { declines, does } from './macros.ts';

const tag = 'export const tag = (x: string) => x;\nexport type Tag = string;\n';
const exportTag = ['`tag` is exported from `src/index.ts`', 'Nothing else changes'];

test(
  'export: a new statement in the style of the others',
  does,
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
);
test(
  'export: into the list there is, in order',
  does,
  {
    'src/index.ts': "export { alpha, zeta } from './tag.js'\r\n",
    'src/tag.ts': `${tag}export const alpha = 1, zeta = 2;\n`,
  },
  exportTag,
  { 'src/index.ts': "export { alpha, tag, zeta } from './tag.js'\r\n" },
);
test(
  'export: into a list of lines',
  does,
  {
    'src/index.ts': "export {\n  zeta,\n  alpha,\n} from './tag.js';\n",
    'src/tag.ts': `${tag}export const alpha = 1, zeta = 2;\n`,
  },
  exportTag,
  { 'src/index.ts': "export {\n  zeta,\n  alpha,\n  tag,\n} from './tag.js';\n" },
);
test(
  'export: a type as a type',
  does,
  { 'src/index.ts': "export { tag } from './tag.ts';\n", 'src/tag.ts': tag },
  ['`Tag` is exported from `src/index.ts`'],
  { 'src/index.ts': "export { tag, type Tag } from './tag.ts';\n" },
);
test(
  'export: a value beside a list of types',
  does,
  { 'src/index.ts': "export type { Tag } from './tag.ts';\n", 'src/tag.ts': tag },
  exportTag,
  { 'src/index.ts': "export type { Tag } from './tag.ts';\nexport { tag } from './tag.ts';\n" },
);
test(
  'export: what its module keeps to itself',
  does,
  { 'src/index.ts': '', 'src/tag.ts': '/** A tag. */\nfunction tag() {}\n' },
  exportTag,
  {
    'src/index.ts': "export { tag } from './tag.ts';\n",
    'src/tag.ts': '/** A tag. */\nexport function tag() {}\n',
  },
);
test(
  'export: from the index nearest to it',
  does,
  {
    'index.ts': '',
    'a/index.ts': "export { b } from './b/b.js';\n",
    'a/b/b.ts': 'export const b = 1;\n',
    'a/b/tag.ts': tag,
  },
  ['`tag` is exported from the index'],
  { 'a/index.ts': "export { b } from './b/b.js';\nexport { tag } from './b/tag.js';\n" },
);
test(
  'export: there through a star',
  does,
  {
    'src/index.ts': "export * from './all.ts';\n",
    'src/all.ts': "export * from './tag.ts';\n",
    'src/tag.ts': tag,
  },
  exportTag,
  {},
);
test(
  'export: several at once',
  does,
  {
    'src/index.ts': "export { a } from './a.ts';\n",
    'src/a.ts': 'export const a = 1;\n',
    'src/tag.ts': tag,
  },
  ['`tag` and `Tag` are exported from `src/index.ts`'],
  { 'src/index.ts': "export { a } from './a.ts';\nexport { tag, type Tag } from './tag.ts';\n" },
);
test(
  'export: declared twice',
  declines,
  { 'src/index.ts': '', 'src/a.ts': tag, 'src/b.ts': tag },
  exportTag,
  /name the file that is meant/,
);
test(
  'export: the name is taken',
  declines,
  {
    'src/index.ts': "export { b as tag } from './b.ts';\n",
    'src/b.ts': 'export const b = 1;\n',
    'src/tag.ts': tag,
  },
  ['`tag` is exported from `src/tag.ts` in `src/index.ts`'],
  /another/,
);
test('export: no such index', declines, { 'src/tag.ts': tag }, exportTag, /no file src\/index\.ts/);
test(
  'export: the index is not in scope',
  declines,
  { 'src/index.ts': '', 'lib/tag.ts': tag },
  exportTag,
  /index\.ts/,
  'lib/',
);
