// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive } from '../../bench/codegen/drive.ts';
import { openChores } from '../../src/chore/chores.ts';
import { approved, rejected } from '../actions/review-peer/macros.ts';
import { confinedTest } from '../boundary/with-bubblewrap.ts';
import { each } from '../each.ts';

const spec = { acceptance: ['Format the code with biome'] };

test('sentences that ask for formatting', (t) => {
  const { read } = openChores();
  for (const sentence of [
    ...spec.acceptance,
    'The code is formatted',

    'All files in src/ are properly formatted',
  ]) {
    t.is(read(sentence)?.[0]?.chore, 'format', sentence);
  }
});

const before = {
  'src/a.ts':
    'import {z, a} from "./z"\nimport b from "./b"\n// why\nexport const f = x => { return (x + a) * z(b, 1) }\n',
  'src/a.json': '{"b":[1,2],\n"a":"x"}\n',
  'src/a.css':
    "a{color : red;background:url('x') fixed}\n:not(.b) .c :hover,a{e:calc(1px + (2px))}\n@media screen and (min-width:1px){a{b:c}}\n",
  'src/b.ts': '#!/usr/bin/env node\nfor (let i = 0; i < n;) i = f(i)\n',
};

const after = {
  'src/a.ts':
    "import b from './b';\nimport { a, z } from './z';\n// why\nexport const f = (x) => {\n  return (x + a) * z(b, 1);\n};\n",
  'src/a.json': '{ "b": [1, 2], "a": "x" }\n',
  'src/a.css':
    'a {\n\tcolor: red;\n\tbackground: url("x") fixed;\n}\n:not(.b) .c :hover,\na {\n\te: calc(1px + (2px));\n}\n@media screen and (min-width: 1px) {\n\ta {\n\t\tb: c;\n\t}\n}\n',
  'src/b.ts': '#!/usr/bin/env node\nfor (let i = 0; i < n; ) i = f(i);\n',
};

confinedTest('Biome formats under the configuration of the repository', async (t) => {
  const config = { 'biome.json': '{"javascript":{"formatter":{"quoteStyle":"single"}}}\n' };
  const { status, notes, changed } = await drive(
    { ...config, 'src/a.ts': before['src/a.ts'], 'src/b.md': '#  A\n' },
    { title: 'A chore', scope: 'src/', ...spec },
  );
  t.is(status, 'ok', notes);
  t.deepEqual([...changed.keys()], ['src/a.ts']);
  t.regex(
    changed.get('src/a.ts') ?? '',
    /^import b from '\.\/b';\nimport \{ a, z \} from '\.\/z';/,
  );
});

each(approved, { 'scripts, JSON and CSS, written another way': [spec, before, after] });

const spoiled: Readonly<Record<string, readonly [keyof typeof after, string, string]>> = {
  'another operator': ['src/a.ts', 'x + a', 'x - a'],
  'brackets that grouped': ['src/a.ts', '(x + a) * z', 'x + a * z'],
  'a comment gone': ['src/a.ts', '// why\n', ''],
  'a comment changed': ['src/a.ts', '// why', '// because'],
  'another import': ['src/a.ts', "'./b'", "'./c'"],
  'an import that runs': ['src/a.ts', "import b from './b';", "import './b';"],
  'an argument more': ['src/a.ts', '(b, 1)', '(b, 1, 2)'],
  'a text': ['src/a.json', '"x"', '"y"'],
  'a number': ['src/a.json', '[1, 2]', '[12]'],
  'a colour': ['src/a.css', 'red', 'blue'],
  'another part of a loop': ['src/b.ts', '; i < n; )', '; ; i < n)'],
  'no line for the shell': ['src/b.ts', '#!/usr/bin/env node\n', ''],
  'a byte order mark': ['src/a.json', '{ "b"', '\uFEFF{ "b"'],
  'a comma at an end': ['src/a.json', '2]', '2,]'],
  'another selector': ['src/a.css', '.c :hover', '.c:hover'],
  'a broken selector': ['src/a.css', ' :hover', ' : hover'],
  'a selector after brackets': ['src/a.css', '(.b) .c', '(.b).c'],
  'a broken query': ['src/a.css', 'and (', 'and('],
  'a broken sum': ['src/a.css', '+ (', '+('],
  'a rule more': ['src/a.css', 'color: red;', 'color: red;\n\tmargin: 0;'],
};

each(
  rejected,
  Object.fromEntries(
    Object.entries(spoiled).map(([what, [path, from, to]]) => [
      what,
      [spec, before, { ...after, [path]: after[path].replace(from, to) }] as const,
    ]),
  ),
);
