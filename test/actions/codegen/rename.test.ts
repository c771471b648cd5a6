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
      'c.ts': "import { old } from 'package';\nold();\n",
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

each(declines, {
  'two modules declare it': [{ 'a.ts': a, 'b.ts': a }, /a\.ts, b\.ts; name the file/],
  'nothing declares it': [{ 'a.ts': 'export const x = 1;\n' }, /nothing .* declares/],
  'the new name is there': [{ 'a.ts': `${a}const fresh = 1;\n` }, /already/],
  'the new name would capture': [
    {
      'a.ts': a,
      'b.ts': "import { old } from './a.ts';\nconst f = (fresh: number) => old(fresh);\n",
    },
    /already means/,
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
  'a default export': [{ 'a.ts': 'export default function old() {}\n' }, /default/],
  'no module': [{ 'a.js': 'function old() {}\n' }, /is not a module/],
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
  'an import by alias': [
    { 'a.ts': a, 'b.ts': "import { old } from '#lib';\nold(1);\n" },
    /cannot tell which/,
  ],
  'an import that leads nowhere': [
    { 'a.ts': a, 'b.ts': "import { old } from './gone.ts';\nold(1);\n" },
    /cannot tell which/,
  ],
});

test('the name must be gone where a sentence says so', async (t) => {
  const acceptance = ['Rename `old` to `fresh`', 'No use of `old` remains'];
  const spec = { title: 'A better name', scope: '**', acceptance };
  t.is((await drive({ 'a.ts': a }, spec)).status, 'ok');
  const said = await drive({ 'a.ts': `// old is good\n${a}` }, spec);
  t.is(said.status, 'fail');
  t.regex(said.notes, /a\.ts:1/);
});

test('a reserved word is not a name', async (t) => {
  const spec = { title: 'x', scope: '**', acceptance: ['Rename `old` to `class`'] };
  t.regex((await drive({ 'a.ts': a }, spec)).notes, /reserved word/);
});

const words =
  'arguments eval await yield let static implements interface package private protected public enum null true false undefined NaN Infinity globalThis class';
for (const word of words.split(' ')) {
  test(`no module may name something ${word}`, async (t) => {
    const result = await drive(
      { 'a.ts': a },
      {
        title: 'A name that is taken',
        scope: '**',
        acceptance: [`\`old\` is renamed to \`${word}\``],
      },
    );
    t.is(result.status, 'fail');
    t.is(result.changed.size, 0);
  });
}
