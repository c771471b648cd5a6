// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive, type Files } from '../../../bench/codegen/drive.ts';
import { each } from '../../each.ts';

const declines = test.macro(async (t, files: Files, notes: RegExp, scope: string = '**') => {
  const result = await drive(files, {
    title: 'A better name',
    scope,
    acceptance: ['`old` is renamed to `fresh`'],
    context: ['**'],
  });
  t.is(result.status, 'fail', result.notes);
  t.regex(result.notes, notes);
  t.is(result.changed.size, 0);
});

const a = 'export const old = (x: number): number => x;\n';

each(declines, {
  'two modules declare it': [{ 'a.ts': a, 'b.ts': a }, /a\.ts, b\.ts; name the file/],
  'nothing declares it': [{ 'a.ts': 'export const x = 1;\n' }, /nothing .* declares/],
  'the new name is there': [{ 'a.ts': `${a}const fresh = 1;\n` }, /already/],
  'the new name would capture': [
    {
      'a.ts': a,
      'b.ts': "import { old } from './a.ts';\nconst f = (fresh: number) => old(fresh);\n",
    },
    /already stands for/,
  ],
  'another module exports the new name': [
    { 'a.ts': a, 'b.ts': 'export const fresh = 1;\n' },
    /already exports/,
  ],
  'a use out of scope': [
    { 'src/a.ts': a, 'app/b.ts': "import { old } from '../src/a.ts';\nold(1);\n" },
    /app\/b\.ts, which is outside/,
    'src/',
  ],
  'no module': [{ 'a.js': 'function old() {}\n' }, /is CommonJS or a script/],
  'more than one conversation holds': [
    Object.fromEntries(
      Array.from({ length: 28 }, (_, index) => [
        `${index}.ts`,
        `/* old ${'x'.repeat(99_000)} */\n`,
      ]),
    ),
    /too many for rules; name a folder/,
  ],
  'a method': [{ 'a.ts': 'export class A {\n  old() {}\n}\n' }, /is a method \(a\.ts:2\)/],
  'a namespace': [{ 'a.ts': 'export namespace old {}\n' }, /is a namespace \(a\.ts:1\)/],
  'taken out of an object': [{ 'a.ts': 'export const { old } = f();\n' }, /taken out of/],
  'an export of CommonJS': [
    { 'a.js': 'exports.old = 1;\n', 'b.js': "const old = require('old');\n" },
    /is an export of CommonJS \(a\.js:1\)/,
  ],
  'text that does not parse': [{ 'a.ts': `${a}const = ;\n` }, /does not parse/],
  'a use by a string': [
    { 'a.ts': a, 'b.ts': "import * as lib from './a.ts';\nlib['old'](1);\n" },
    /through a string/,
  ],
  'a module loaded at run time': [
    { 'a.ts': a, 'b.ts': "export const lib = await import('./a.ts');\nlib.old(1);\n" },
    /cannot tell/,
  ],
  'a module passed on as a value': [
    {
      'a.ts': a,
      'b.ts': "import * as lib from './a.ts';\nexport const give = (f) => f(lib);\n",
      'c.ts': "import { give } from './b.ts';\ngive((x) => x.old(1));\n",
    },
    /cannot tell/,
  ],
  'an importer that is a component file': [
    { 'a.ts': a, 'b.vue': "<script setup>\nimport { old } from './a';\n</script>\n" },
    /b\.vue:2 imports `old` from "\.\/a"/,
  ],
  'a component file that takes the whole module': [
    { 'a.ts': a, 'b.svelte': "<script>\n  import * as lib from './a';\n</script>{lib.old(1)}\n" },
    /b\.svelte:2 /,
  ],
  'an importer in a document with components': [
    { 'a.tsx': a, 'docs/b.mdx': "import { old } from '../a';\n\n<old />\n" },
    /docs\/b\.mdx:1 imports/,
  ],
  'an alias that nothing here explains': [
    { 'a.ts': a, 'package.json': '{}', 'b.ts': "import { old } from '$lib/a';\n" },
    /b\.ts:1: cannot tell which/,
  ],
  'a package of the tree whose build is not there': [
    {
      'lib/a.ts': a,
      'lib/package.json': '{"name":"lib","main":"dist/a.js"}',
      'app/package.json': '{"dependencies":{"lib":"1"}}',
      'app/b.ts': "import { old } from 'lib';\n",
    },
    /app\/b\.ts:1: cannot tell which/,
  ],
  'an interface added to by a name that leads nowhere': [
    {
      'a.ts': 'export interface old { a: 1 }\n',
      'b.ts': "declare module 'own' {\n  interface old { b: 1 }\n}\nexport {};\n",
    },
    /b\.ts:2: cannot tell which/,
  ],
  'types beside a module that cannot be followed': [
    {
      'a.js': 'export function old() {}\n',
      'a.d.ts': 'declare namespace old {}\nexport = old;\n',
    },
    /a\.d\.ts has the types of a\.js/,
  ],
  'a module whose names are worked out': [
    {
      'a.ts': a,
      'b.ts': "import * as lib from './a.ts';\nexport const g = (k) => lib['o' + k];\n",
    },
    /b\.ts:2 passes the module on/,
  ],
  'through a barrel, a module whose names are worked out': [
    {
      'a.ts': a,
      'index.ts': "export * from './a.ts';\n",
      'b.ts': "import * as lib from './index.ts';\nexport const k: keyof typeof lib = 'x';\n",
    },
    /b\.ts:2 passes the module on/,
  ],
  'a test that puts something else in its place': [
    {
      'a.ts': a,
      'a.test.ts': "vi.mock('./b', f);\nvi.mock('./a', () => ({ old: () => 1 }));\n",
    },
    /a\.test\.ts:2 puts something else/,
  ],
  'through a name for all of it, a module whose names are worked out': [
    {
      'a.ts': a,
      'index.ts': "export * as all from './a.ts';\n",
      'b.ts': "import { all } from './index.ts';\nexport const g = (k) => all[k];\n",
    },
    /b\.ts:2 passes the module on/,
  ],
  'something brings it in without an import': [
    { 'a.ts': a, 'b.ts': 'export const b = old(1);\n' },
    /b\.ts:1: `old` is used without an import/,
  ],
  'a type of the names of the module': [
    { 'a.ts': a, 'b.ts': "export const k: keyof typeof import('./a') = 'old';\n" },
    /b\.ts:1 takes the names/,
  ],
  'a module loaded at run time as a whole': [
    { 'a.ts': a, 'b.ts': "export const load = () => import('./a.ts');\n" },
    /b\.ts:1 loads the module/,
  ],
  'a folder loaded at run time': [
    { 'm/a.ts': a, 'b.ts': 'export const load = (x) => import("./m/" + x);\n' },
    /b\.ts:1 loads modules/,
  ],
  'the new name is handed on beside': [
    {
      'a.ts': a,
      'index.ts': "export * from './a.ts';\nexport * from './b.ts';\n",
      'b.ts': 'const x = 1;\nexport { x as fresh };\n',
      'c.ts': "import { old } from './index.ts';\nold(1);\n",
    },
    /already exports/,
  ],
  'an import by alias': [
    { 'a.ts': a, 'b.ts': "import { old } from '#lib';\nold(1);\n" },
    /cannot tell which/,
  ],
  'an import that leads nowhere': [
    { 'a.ts': a, 'b.ts': "import { old } from './gone.ts';\nold(1);\n" },
    /cannot tell which/,
  ],
});
