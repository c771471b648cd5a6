// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive, type Files } from '../../../bench/codegen/drive.ts';
import { each } from '../../each.ts';

const renames = test.macro(async (t, files: Files, expected: Files) => {
  const result = await drive(files, {
    title: 'A better name',
    scope: '**',
    acceptance: ['`old` is renamed to `fresh`', 'All uses are renamed'],
  });
  t.is(result.status, 'ok', result.notes);
  t.deepEqual(Object.fromEntries(result.changed), expected);
});

const a = 'export const old = (x: number): number => x;\n';

each(renames, {
  'imports, calls and re-exports follow': [
    {
      'a.ts': a,
      'b.ts': "export { old } from './a.ts';\nexport { old as kept } from './a.ts';\n",
      'c.ts':
        "import { old } from './b.ts';\nimport { old as mine } from './b.ts';\nold(mine(1));\n",
      'd.ts': "import { kept } from './b.ts';\nkept(1);\n",
    },
    {
      'a.ts': 'export const fresh = (x: number): number => x;\n',
      'b.ts': "export { fresh } from './a.ts';\nexport { fresh as kept } from './a.ts';\n",
      'c.ts':
        "import { fresh } from './b.ts';\nimport { fresh as mine } from './b.ts';\nfresh(mine(1));\n",
    },
  ],
  'through a barrel that names nothing, and through a namespace': [
    {
      'a.ts': a,
      'index.ts': "export * from './a.ts';\n",
      'c.ts': "import { old } from './index.ts';\nold(1);\n",
      'd.ts': "import * as lib from './index.ts';\nlib.old(1);\ntype T = typeof lib.old;\n",
      'e.ts': "type T = typeof import('./a.ts').old;\n",
    },
    {
      'a.ts': 'export const fresh = (x: number): number => x;\n',
      'c.ts': "import { fresh } from './index.ts';\nfresh(1);\n",
      'd.ts': "import * as lib from './index.ts';\nlib.fresh(1);\ntype T = typeof lib.fresh;\n",
      'e.ts': "type T = typeof import('./a.ts').fresh;\n",
    },
  ],
  'property names stay, shorthands are written out': [
    {
      'a.ts': `${a}export const bag = { old, other: { old: 1 } };\nbag.old(bag.other.old);\n`,
      'b.ts': "import * as lib from './a.ts';\nconst { old } = lib;\nold(1);\n",
    },
    {
      'a.ts':
        'export const fresh = (x: number): number => x;\nexport const bag = { old: fresh, other: { old: 1 } };\nbag.old(bag.other.old);\n',
      'b.ts': "import * as lib from './a.ts';\nconst { fresh: old } = lib;\nold(1);\n",
    },
  ],
  'what only shares the name stays': [
    {
      'a.ts': `// old\n${a}const f = (old: string) => old; // old\nconst s = 'old';\nold: for (;;) break old;\nold(1);\n`,
      'b.ts': 'const old = 1;\nexport const other = { old };\nclass C { old = 2; }\nnew C().old;\n',
      'c.ts': "import { old } from 'package/part';\nold();\n",
      'd.ts': "import { old } from 'node:fs';\nold();\n",
      'package.json': '{"dependencies":{"package":"1"}}',
    },
    {
      'a.ts':
        "// old\nexport const fresh = (x: number): number => x;\nconst f = (old: string) => old; // old\nconst s = 'old';\nold: for (;;) break old;\nfresh(1);\n",
    },
  ],
  'a type, merged with a value, and a link to it': [
    {
      'a.ts': 'export interface old { x: number }\nexport const old = (): old => ({ x: 1 });\n',
      'b.ts': "import type { old } from './a.js';\n/** See {@link old}. */\nexport let x: old;\n",
    },
    {
      'a.ts':
        'export interface fresh { x: number }\nexport const fresh = (): fresh => ({ x: 1 });\n',
      'b.ts':
        "import type { fresh } from './a.js';\n/** See {@link fresh}. */\nexport let x: fresh;\n",
    },
  ],
  'a default export, within its own file': [
    {
      'a.ts': 'export default function old() {}\nold();\n',
      'b.ts': "import old from './a';\nold();\n",
    },
    { 'a.ts': 'export default function fresh() {}\nfresh();\n' },
  ],
  'importers by the name of a package of the tree': [
    {
      'lib/a.ts': a,
      'lib/index.ts': "export { old } from './a.ts';\n",
      'lib/package.json': '{"name":"@own/lib","exports":{".":"./index.ts","./a":"./a.ts"}}',
      'lib/examples/c.ts': "import { old } from '@own/lib';\n",
      'app/b.ts': "import { old } from '@own/lib/a';\nold(1);\n",
      'app/package.json': '{"name":"app","dependencies":{"@own/lib":"workspace:*"}}',
    },
    {
      'lib/a.ts': 'export const fresh = (x: number): number => x;\n',
      'lib/index.ts': "export { fresh } from './a.ts';\n",
      'lib/examples/c.ts': "import { fresh } from '@own/lib';\n",
      'app/b.ts': "import { fresh } from '@own/lib/a';\nfresh(1);\n",
    },
  ],
  'an interface that others add to by the package’s name': [
    {
      'package.json': '{"name":"own","main":"./src/index.ts"}',
      'src/index.ts': 'export interface old { a: 1 }\n',
      'src/b.ts': "declare module 'own' {\n  interface old { b: 1 }\n}\nexport {};\n",
    },
    {
      'src/index.ts': 'export interface fresh { a: 1 }\n',
      'src/b.ts': "declare module 'own' {\n  interface fresh { b: 1 }\n}\nexport {};\n",
    },
  ],
  'through a name for all of it': [
    {
      'a.ts': a,
      'index.ts': "export * as all from './a.ts';\n",
      'b.ts': "import { all } from './index.ts';\nall.old(1);\n",
    },
    {
      'a.ts': 'export const fresh = (x: number): number => x;\n',
      'b.ts': "import { all } from './index.ts';\nall.fresh(1);\n",
    },
  ],
  'importers by an alias': [
    {
      'tsconfig.json': '{"files":[],"references":[{"path":"./tsconfig.app.json"}]}',
      'tsconfig.app.json': '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
      'package.json': '{"imports":{"#a":"./src/a.ts"}}',
      'src/a.ts': a,
      'src/b.ts': "import { old } from '@/a';\nold(1);\n",
      'src/c.ts': "import { old } from '#a';\nold(1);\n",
    },
    {
      'src/a.ts': 'export const fresh = (x: number): number => x;\n',
      'src/b.ts': "import { fresh } from '@/a';\nfresh(1);\n",
      'src/c.ts': "import { fresh } from '#a';\nfresh(1);\n",
    },
  ],
  'types written beside a module': [
    {
      'a.js': 'export function old() {}\n',
      'a.d.ts': '/** It. */\nexport function old(): void;\n',
      'a.test-d.ts': "import { old } from './a.js';\nold();\n",
    },
    {
      'a.js': 'export function fresh() {}\n',
      'a.d.ts': '/** It. */\nexport function fresh(): void;\n',
      'a.test-d.ts': "import { fresh } from './a.js';\nfresh();\n",
    },
  ],
  'every comment of JavaScript that names the type': [
    {
      'a.ts': 'export interface old { x: 1 }\n',
      'b.js':
        "/** @typedef {import('./a').old} Mine */\n\n/** @param {import('./a.js').old} x */\nexport const f = (x) => x;\n",
    },
    {
      'a.ts': 'export interface fresh { x: 1 }\n',
      'b.js':
        "/** @typedef {import('./a').fresh} Mine */\n\n/** @param {import('./a.js').fresh} x */\nexport const f = (x) => x;\n",
    },
  ],
  'files that are no sources, and modules that others load': [
    {
      'a.tsx': `import './old.css';\nimport old_ from './old.json';\n${a}old(1);\n`,
      'old.css': '.old { }\n',
      'old.json': '{"old":1}',
      'b.ts':
        "import * as lib from './a.tsx';\nlib.old(1);\nconst { other } = await import('./a.tsx');\n",
      'c.ts': "import * as fs from 'node:fs';\nexport const g = (f) => f(fs, require('./d.ts'));\n",
      'd.ts': 'export const x = 1;\n',
    },
    {
      'a.tsx': `import './old.css';\nimport old_ from './old.json';\nexport const fresh = (x: number): number => x;\nfresh(1);\n`,
      'b.ts':
        "import * as lib from './a.tsx';\nlib.fresh(1);\nconst { other } = await import('./a.tsx');\n",
    },
  ],
  'a name that others contain is not read for it': [
    {
      'a.ts': a,
      ...Object.fromEntries(
        Array.from({ length: 160 }, (_, index) => [`m/${index}.ts`, 'export const golden = 1;\n']),
      ),
    },
    { 'a.ts': 'export const fresh = (x: number): number => x;\n' },
  ],
  'what an importer imports besides is not read for it': [
    {
      'a.ts': a,
      ...Object.fromEntries(
        Array.from({ length: 8 }, (_, index) => [
          `m/${index}.ts`,
          `export const m${index} = '${'x'.repeat(99_000)}';\n`,
        ]),
      ),
      'b.ts': `${Array.from({ length: 8 }, (_, index) => `import './m/${index}.ts';\n`).join('')}import { old } from './a';\n`,
    },
    {
      'a.ts': 'export const fresh = (x: number): number => x;\n',
      'b.ts': `${Array.from({ length: 8 }, (_, index) => `import './m/${index}.ts';\n`).join('')}import { fresh } from './a';\n`,
    },
  ],
  'line endings and byte order mark stay': [
    {
      'a.ts': '\uFEFFexport const old = 1;\r\nconst b = old;\r\n',
      'b.ts': "import { old } from './a';\r\nold;\n",
    },
    {
      'a.ts': '\uFEFFexport const fresh = 1;\r\nconst b = fresh;\r\n',
      'b.ts': "import { fresh } from './a';\r\nfresh;\n",
    },
  ],
  'JavaScript and JSX': [
    {
      'a.jsx': 'export const old = () => <div old="old">old</div>;\n',
      'b.jsx': "import { old } from './a.jsx';\nconst X = <p>{old()}</p>;\n",
    },
    {
      'a.jsx': 'export const fresh = () => <div old="old">old</div>;\n',
      'b.jsx': "import { fresh } from './a.jsx';\nconst X = <p>{fresh()}</p>;\n",
    },
  ],
  'a component by its tag': [
    {
      'a.tsx': 'export function old() { return <p/>; }\nexport const Tag = old;\n',
      'b.tsx': "import * as ui from './a.tsx';\nexport const x = <ui.old></ui.old>;\n",
    },
    {
      'a.tsx': 'export function fresh() { return <p/>; }\nexport const Tag = fresh;\n',
      'b.tsx': "import * as ui from './a.tsx';\nexport const x = <ui.fresh></ui.fresh>;\n",
    },
  ],
});
