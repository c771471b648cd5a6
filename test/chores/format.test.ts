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
    'Imports are sorted',
    'All files in src/ are properly formatted',
  ]) {
    t.is(read(sentence)?.[0]?.chore, 'format', sentence);
  }
});

const before = {
  'src/a.ts':
    'import {z, a} from "./z"\nimport b from "./b"\n// why\nexport const f = x => { return (x + a) * z(b, 1) }\n',
  'src/a.json': '{"b":[1,2],\n"a":"x"}\n',
  'src/a.css': "a{color:red;background:url('x')}\n",
};

const after = {
  'src/a.ts':
    "import b from './b';\nimport { a, z } from './z';\n// why\nexport const f = (x) => {\n  return (x + a) * z(b, 1);\n};\n",
  'src/a.json': '{ "b": [1, 2], "a": "x" }\n',
  'src/a.css': 'a {\n\tcolor: red;\n\tbackground: url("x");\n}\n',
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
