// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive } from '../../bench/codegen/drive.ts';
import { openChores } from '../../src/chore/chores.ts';
import { approved, caseOf, rejected, reviewers } from '../actions/review-peer/macros.ts';
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

confinedTest(
  'what a lint rule would fix stays, and what cannot be formatted is left',
  async (t) => {
    const files = {
      'biome.json': '{"files":{"includes":["**","!src/c.ts"]}}\n',
      'src/a.ts': 'let a  =  1\nif (a == 2) {}\n',
      'src/b.ts': 'let b = (\n',
      'src/c.ts': 'let c  =  1\n',
    };
    const { status, notes, changed, result } = await drive(files, {
      title: 'A chore',
      scope: 'src/',
      ...spec,
    });
    t.is(status, 'ok', notes);
    t.deepEqual(Object.fromEntries(changed), { 'src/a.ts': 'let a = 1;\nif (a == 2) {\n}\n' });
    const { left } = result as { readonly left: readonly { readonly path: string }[] };
    t.deepEqual(
      left.map(({ path }) => path),
      ['src/b.ts', 'src/c.ts'],
    );
  },
);

each(approved, {
  'scripts, JSON and CSS, written another way': [spec, before, after],
  'names of an import below a comment': [
    spec,
    {
      'src/c.ts':
        '/** About it. @module */\nimport { b, type A } from "./a"\nexport const c: A = b\n',
    },
    {
      'src/c.ts':
        '/** About it. @module */\nimport { type A, b } from "./a";\nexport const c: A = b;\n',
    },
  ],
  'names of properties without quotes, and brackets around nothing': [
    spec,
    {
      'a.ts':
        "const a = { 'b': 1, 2: (c) }\nconst f = (a || (b || c)) as (X)\ntype T = | A\nnew F\n",
    },
    { 'a.ts': 'const a = { b: 1, 2: c };\nconst f = (a || b || c) as X;\ntype T = A;\nnew F();\n' },
  ],
  'imports sorted and joined below the first comment': [
    spec,
    {
      'a.ts':
        "// Licence\nimport { z } from 'z'; // of z\n// of a\nimport { b } from 'a'\nimport { a } from 'a'\nexport * from 'y'\nexport { x } from 'x'\n",
    },
    {
      'a.ts':
        "// Licence\n\n// of a\nimport { a, b } from 'a';\nimport { z } from 'z'; // of z\nexport { x } from 'x';\nexport * from 'y';\n",
    },
  ],
  'text between tags, broken into other lines': [
    spec,
    { 'a.tsx': "const a = <p class='x'>one {two} three\n</p>\n" },
    { 'a.tsx': 'const a = (\n  <p class="x">\n    one {two}{" "}\n    three\n  </p>\n);\n' },
  ],
  'numbers of data, and lines as the configuration ends them': [
    spec,
    { 'biome.json': '{"formatter":{"lineEnding":"crlf"}}\n', 'a.json': '{"a":2.50,"b":1E+3}\n' },
    { 'a.json': '{ "a": 2.5, "b": 1e3 }\r\n' },
  ],
  'numbers, colours and attributes of a sheet': [
    spec,
    {
      'a.css':
        'A:HOVER>b[c=d]{width:.50em;color:#FFF!important;--x:  a  b;;}:nth-child(2N+1){a:calc(1px*2)}\n',
    },
    {
      'a.css':
        'A:hover > b[c="d"] {\n  width: 0.5em;\n  color: #fff !important;\n  --x: a b;\n}\n:nth-child(2n + 1) {\n  a: calc(1px * 2);\n}\n',
    },
  ],
});

const unlike: Readonly<Record<string, readonly [path: string, before: string, after: string]>> = {
  'a variable set to nothing in place of a blank': ['a.css', 'a{--x: ;}', 'a {\n  --x:;\n}\n'],
  'a variable set to a blank in place of nothing': ['a.css', 'a{--x:;}', 'a {\n  --x: ;\n}\n'],
  'the same property twice': ['a.json', '{"a":1}', '{ "a": 1, "a": 1 }\n'],
  'a value that is returned no more': [
    'a.ts',
    'f = () => { return a }',
    'f = () => {\n  return\n  a;\n};\n',
  ],
  'blanks in a template': ['a.ts', `f(\`\${a}-\${b}\`)`, `f(\`\${a} - \${b}\`);\n`],
  'another kind of variable': ['a.ts', 'let a = 1', 'const a = 1;\n'],
  'another sign in front': ['a.ts', 'f(++a, -b)', 'f(--a, +b);\n'],
  'a chain that ends later': ['a.ts', '(a?.b).c', 'a?.b.c;\n'],
  'a directive out of a text': ['a.ts', "('use strict')\nf()", "'use strict';\nf();\n"],
  'a type that is imported as a value': [
    'a.ts',
    "import type { A } from 'a'",
    "import { A } from 'a';\n",
  ],
  'a line that ends before an arrow': ['a.ts', 'f((a) => a)', 'f((a)\n=> a);\n'],
  'a comma at the end of a declaration': [
    'a.ts',
    'let a = 1;\nexport {};',
    'let a = 1,\nexport {};\n',
  ],
  'a blank that formatters do not write': ['a.ts', 'let a = 1\n', 'let a =\u00a01;\n'],
  'other ends of lines': ['a.ts', 'let a = 1\n', 'let a = 1;\r\n'],
  'one line that ends in another way': ['a.css', 'a{b:c}\n', 'a {\r\n  b: c;\n}\n'],
  'no end of the last line': ['a.ts', 'let a  = 1\n', 'let a = 1;'],
  'the first comment below an import': [
    'a.ts',
    "// Licence\nimport a from 'a'\nimport b from 'b'\n",
    "import a from 'a';\n// Licence\nimport b from 'b';\n",
  ],
  'a comment before another line': [
    'a.ts',
    '// @ts-ignore\na(1)\nb(1)\n',
    'a(1);\n// @ts-ignore\nb(1);\n',
  ],
};

const sorted = { acceptance: ['Imports are sorted'] };
const unsorted =
  "// Licence\nimport { z } from 'z'; // of z\n// of a\nimport {b, a} from 'a'\n\n// why\nexport const f = x=>(z(a,b))\nexport * from 'y'\nexport {x} from 'x'\n";
const inOrder =
  "// Licence\n\n// of a\nimport {a, b} from 'a'\nimport { z } from 'z'; // of z\n\n// why\nexport const f = x=>(z(a,b))\nexport {x} from 'x'\nexport * from 'y'\n";

confinedTest(
  'Biome sorts imports and leaves all else, whatever its configuration says',
  async (t) => {
    const config = { 'biome.json': '{"assist":{"enabled":false}}\n' };
    const files = { ...config, 'src/a.ts': unsorted, 'src/b.json': '{"a":1}' };
    const spec = { title: 'A chore', scope: 'src/', ...sorted };
    const { status, notes, changed } = await drive(files, spec);
    t.is(status, 'ok', notes);
    t.deepEqual([...changed.keys()], ['src/a.ts']);
    const patch = Object.fromEntries(changed);
    t.is(
      patch['src/a.ts']?.replace(/^[\s\S]*(?=\n\n\/\/ why)/, '').slice(0, 40),
      inOrder.replace(/^[\s\S]*(?=\n\n\/\/ why)/, '').slice(0, 40),
    );
    for (const [name, ask] of Object.entries(reviewers)) {
      const { verdict, findings } = await ask(caseOf(spec, files, patch));
      t.is(verdict, 'approve', `${name}: ${findings.join('; ')}`);
    }
  },
);

each(approved, {
  'imports sorted alone': [sorted, { 'a.ts': unsorted }, { 'a.ts': inOrder }],
  'imports sorted, and all formatted': [
    { acceptance: [...sorted.acceptance, ...spec.acceptance] },
    { 'src/a.ts': before['src/a.ts'] },
    { 'src/a.ts': after['src/a.ts'] },
  ],
});

const notImports: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'code written another way': ['x=>(z(a,b))', 'x => z(a, b)'],
  'other code': ['z(a,b)', 'z(b,a)'],
  'a name taken for another': ['{ z }', '{ y as z }'],
  'an import for its effects': ["import { z } from 'z';", "import { z } from 'z'; import 'q';"],
  'an import that is code': ["import { z } from 'z';", "import { z } from 'z'; void q();"],
  'a remark more': ['// of z', '// of z, @ts-ignore'],
  'a remark gone': ['// why\n', ''],
  'a remark elsewhere': [
    '// why\nexport const f = x=>(z(a,b))',
    'export const f = x=>(z(a,b)) // why',
  ],
  'a re-export gone': ["export * from 'y'\n", ''],
  'a re-export ahead of code': [
    "export const f = x=>(z(a,b))\nexport {x} from 'x'",
    "export {x} from 'x'\nexport const f = x=>(z(a,b))",
  ],
};

each(
  rejected,
  Object.fromEntries(
    Object.entries(notImports).map(([what, [from, to]]) => [
      `imports alone: ${what}`,
      [sorted, { 'a.ts': unsorted }, { 'a.ts': inOrder.replace(from, to) }] as const,
    ]),
  ),
);

each(
  rejected,
  Object.fromEntries(
    Object.entries(unlike).map(([what, [path, old, now]]) => [
      what,
      [spec, { [path]: old }, { [path]: now }] as const,
    ]),
  ),
);

const spoiled: Readonly<Record<string, readonly [keyof typeof after, string, string]>> = {
  'another operator': ['src/a.ts', 'x + a', 'x - a'],
  'brackets that grouped': ['src/a.ts', '(x + a) * z', 'x + a * z'],
  'a comment gone': ['src/a.ts', '// why\n', ''],
  'a comment changed': ['src/a.ts', '// why', '// because'],
  'another import': ['src/a.ts', "'./b'", "'./c'"],
  'an import that runs': ['src/a.ts', "import b from './b';", "import './b';"],
  'an argument more': ['src/a.ts', '(b, 1)', '(b, 1, 2)'],
  'a text is formatted': ['src/a.json', '"x"', '"y"'],
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
