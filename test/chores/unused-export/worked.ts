// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive } from '../../../bench/codegen/drive.ts';
import { openChores } from '../../../src/chore/chores.ts';
import { each } from '../../each.ts';
import { declined, worked } from '../worked.ts';

const asked = ['No unused exports'];

test('sentences about unused exports', (t) => {
  const { read } = openChores();
  const chore = 'unused-export';
  for (const sentence of [
    ...asked,
    'There are no unused exports',
    'Remove all unused exports',
    'Unused exports are removed',
    'No unused exports remain',
  ])
    t.deepEqual(read(sentence), [{ chore, args: {} }], sentence);
  for (const sentence of [
    'No unused exports in src/',
    'Files in src/ have no unused exports',
    'Remove unused exports from src/',
  ])
    t.deepEqual(read(sentence), [{ chore, args: { files: ['src/**'] } }], sentence);
  for (const sentence of [
    '`x` is no longer exported from `src/a.ts`',
    '`src/a.ts` no longer exports `x`',
    'Stop exporting `x` from `src/a.ts`',
  ])
    t.deepEqual(read(sentence), [{ chore, args: { names: ['x'], files: ['src/a.ts'] } }], sentence);
});

test('what is left is no less named where nothing changes', async (t) => {
  const files = { 'a.ts': 'export const one = 1;\n', 'b.html': '<script src="/a.ts"></script>\n' };
  const spec = { title: 'A chore', scope: '**', acceptance: asked };
  t.regex((await drive(files, spec)).notes, /a\.ts keeps exports: `one` may be taken by b\.html:1/);
});

const a = 'export const one = 1;\nexport const two = one;\n';
const b = "import { two } from './a.ts';\n\ntwo();\n";

each(worked, {
  'every kind of declaration': [
    asked,
    {
      'a.ts': `import 'x';\nexport const one = 1;\nexport let [two, { three }] = [];\nexport function four(): void;\nexport function four() {}\nexport async function five() {}\nexport  class Six {}\nexport abstract class Seven {}\nexport interface Eight {}\nexport type Nine = 9;\nexport enum Ten {}\nexport const enum Eleven {}\nexport declare const twelve: 12;\n`,
    },
    {
      'a.ts': `import 'x';\nconst one = 1;\nlet [two, { three }] = [];\nfunction four(): void;\nfunction four() {}\nasync function five() {}\nclass Six {}\nabstract class Seven {}\ninterface Eight {}\ntype Nine = 9;\nenum Ten {}\nconst enum Eleven {}\ndeclare const twelve: 12;\n`,
    },
  ],
  'beside one that is imported': [
    asked,
    { 'src/a.ts': a, 'src/b.ts': b },
    { 'src/a.ts': 'const one = 1;\nexport const two = one;\n' },
  ],
  'another file declares the name too': [
    asked,
    { 'a.ts': a, 'b.ts': b, 'c.ts': 'import "x";\nconst one = 2;\none;\n' },
    { 'a.ts': 'const one = 1;\nexport const two = one;\n' },
  ],
  'a package.json above its own lets others import any': [
    asked,
    {
      'package.json': '{ "exports": { "./*": "./*" } }\n',
      'packages/a/package.json': '{ "name": "own" }\n',
      'packages/a/src/a.ts': a,
      'packages/a/src/b.ts': b,
    },
    { 'packages/a/src/a.ts': 'const one = 1;\nexport const two = one;\n' },
  ],
  'a spec of the queue names the file': [
    asked,
    { 'src/a.ts': a, 'src/b.ts': b, 'specs/tidy.yaml': 'title: Tidy\nscope: src/a.ts\n' },
    { 'src/a.ts': 'const one = 1;\nexport const two = one;\n' },
  ],
  'by its name, worked': [
    ['`one` is no longer exported from `a.ts`'],
    { 'a.ts': a, 'b.ts': b, 'c.ts': 'export const one = 3;\n' },
    { 'a.ts': 'const one = 1;\nexport const two = one;\n' },
  ],
  'what is handed on stays': [
    asked,
    {
      'a.ts': a,
      'b.ts': "export { two } from './a.ts';\n",
      'index.ts': "export { two } from './b.js';\n",
    },
    { 'a.ts': 'const one = 1;\nexport const two = one;\n' },
  ],
  'prose that names the file': [
    asked,
    { 'a.ts': a, 'b.ts': b, 'README.md': 'See `one` in `./a.ts`.\n' },
    { 'a.ts': 'const one = 1;\nexport const two = one;\n' },
  ],
  'a text that is the name of the file': [
    asked,
    { 'a.ts': a, 'a.test.ts': `${b}test('a', two);\n` },
    { 'a.ts': 'const one = 1;\nexport const two = one;\n' },
  ],
  'merged declarations go together': [
    asked,
    {
      'a.ts': 'export interface One {}\nexport const One = 1, two = 2;\nexport type Three = One;\n',
      'b.ts': b,
    },
    { 'a.ts': 'export interface One {}\nexport const One = 1, two = 2;\ntype Three = One;\n' },
  ],
  ...Object.fromEntries(
    [
      ['all names', "export * from './a';\n", 'b.ts'],
      ['all names as one', "export * as all from './a';\n", 'b.ts'],
      ['a namespace', "import * as all from './a';\nall;\n", 'b.ts'],
      ['import()', "export const load = () => import('./a.ts');\n", 'main.test.ts'],
      ['require', "const all = require('./a');\n", 'b.js'],
      ['a mock', "vi.mock('../src/a.ts');\n", 'a.test.ts'],
      ['a type in a comment', "/** @type {import('./a').One} */\n", 'b.js'],
      ['a component', '<script>\nimport { two } from "./a";\n</script>\n', 'b.vue'],
      ['a page', '<script src="/a.ts"></script>\n', 'b.html'],
      ['an address', "new URL('./a.ts', import.meta.url);\n", 'b.test.ts'],
      ['a package', '{ "main": "a.js" }\n', 'package.json'],
      ['a package that hands on all', '{ "exports": { "./*": "./dist/*.js" } }\n', 'package.json'],
      ['an alias', '{ "compilerOptions": { "paths": { "one": ["./a.ts"] } } }\n', 'tsconfig.json'],
      ['a workflow', 'handler: src/a.one\n', 'serverless.yml'],
      ['a module that is worked out', 'export default (name) => import(name).one;\n', 'b.ts'],
    ].map(([title, text, path]) => [
      `what may be taken by ${title} stays`,
      [
        asked,
        {
          'a.ts': a,
          [path as string]: text,
          'c.ts': 'export const other = 1;\nexport default 1;\n',
        },
        {
          ...(title === 'a module that is worked out' && {
            'a.ts': 'export const one = 1;\nconst two = one;\n',
          }),
          ...(title !== 'a package that hands on all' && {
            'c.ts': 'const other = 1;\nexport default 1;\n',
          }),
        },
      ] as [readonly string[], Record<string, string>, Record<string, string>],
    ]),
  ),
  'what frameworks and tools take': [
    asked,
    {
      'a.ts': 'export const metadata = {};\nexport const own = 1;\nexport default 1;\n',
      'b.config.ts': 'export const own = 1;\nexport default 1;\n',
      'c.d.ts': 'export const own: 1;\n',
      'd.test.ts': 'export const own = 1;\nexport default 1;\n',
      'index.ts': 'export const own = 1;\nexport default 1;\n',
    },
    { 'a.ts': 'export const metadata = {};\nconst own = 1;\nexport default 1;\n' },
  ],
});

each(declined, {
  'the tree cannot be seen': [
    { acceptance: asked, scope: 'src/', context: ['!test/'] },
    { 'src/a.ts': a },
    /who imports from outside the scope cannot be seen: "context" leaves files out/,
  ],
  'it is imported': [
    ['`two` is no longer exported'],
    { 'a.ts': a, 'b.ts': b },
    /`two` of a\.ts is imported by b\.ts/,
  ],
  'it may be imported': [
    ['`two` is no longer exported'],
    { 'a.ts': a, 'b.ts': "import * as all from './a.ts';\nall;\n" },
    /a\.ts: `two` may be taken by b\.ts:1/,
  ],
  'all that makes a module': [
    ['`one` is no longer exported'],
    { 'a.ts': 'export const one = 1;\n' },
    /all that makes its file a module/,
  ],
});
