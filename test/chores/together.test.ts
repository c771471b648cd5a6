// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive } from '../../bench/codegen/drive.ts';
import { caseOf, reviewers } from '../actions/review-peer/macros.ts';
import { each } from '../each.ts';
import { bothApprove, bothReject } from './ask-judges.ts';

const asks = [
  'All TypeScript files have a GPL-3.0-only header',
  '`inner` is exported from `src/index.ts`',
  '`inner` has a doc comment',
  'Add a test for `inner` in `test/a.test.ts`',
];
const base = {
  'src/index.ts': "export { one } from './a.ts';\n",
  'src/a.ts': 'export const one = 1;\nfunction inner(a: number) {\n  return a;\n}\n',
};
const header = '// SPDX-License-Identifier: GPL-3.0-only\n';
const done = {
  'src/index.ts': `${header}export { inner, one } from './a.ts';\n`,
  'src/a.ts': `${header}export const one = 1;\n/** Gives it back. */\nexport function inner(a: number) {\n  return a;\n}\n`,
  'test/a.test.ts': `${header}import test from 'ava';\nimport { inner } from '../src/a.ts';\n\ntest('inner', (t) => {\n  t.is(inner(2), 2);\n});\n`,
};

each(bothApprove, { 'good: a header, an export, a comment and a test': [asks, base, done] });

const shared = {
  'src/a.ts': 'export const three = 1;\nexport const used = three;\n',
  'src/b.ts': "import { used } from './a.ts';\n\nexport { used };\n",
};
const fewer = ['No unused exports in src/', 'Rename `three` to `third`'];
const without = 'const third = 1;\nexport const used = third;\n';

each(bothApprove, {
  'good: an export taken off the line on which its name changes': [
    fewer,
    shared,
    { 'src/a.ts': without },
  ],
});

const messy = {
  'src/a.ts': 'export const one=(a:number)=>{ return a }\nexport const two = [one(1)]\n',
};
const both = ['Format the code with biome', 'Rename `one` to `first`', '`two` has a doc comment'];
const neat =
  'export const first = (a: number) => {\n  return a;\n};\n/** What there is. */\nexport const two = [first(1)];\n';

each(bothApprove, {
  'good: formatted, renamed and described': [both, messy, { 'src/a.ts': neat }],
});

for (const [what, [from, to]] of Object.entries({
  'a use left': ['first(1)', 'one(1)'],
  'another number': ['(1)', '(2)'],
  'another operator': ['return a', 'return -a'],
  'a line more': ['};\n', '};\nvoid 0;\n'],
  'a remark more': ['/** What', '// @ts-ignore\n/** What'],
  'a name more': ['two = ', 'second = '],
  'an export lost': ['export const two', 'const two'],
  'a type lost': [': number', ''],
} satisfies Readonly<Record<string, readonly [string, string]>>))
  test(`bad: formatted, renamed and described, with ${what}`, bothReject, both, messy, {
    'src/a.ts': neat.replace(from, to),
  });

each(bothReject, {
  'bad: an export taken off a name that is imported under its new one': [
    fewer,
    { ...shared, 'src/c.ts': "import { three } from './a.ts';\n\nthree;\n" },
    { 'src/a.ts': without, 'src/c.ts': "import { third } from './a.ts';\n\nthird;\n" },
  ],
  'bad: a header on one of two files': [
    asks.slice(0, 1),
    base,
    { 'src/a.ts': done['src/a.ts'].slice(0, header.length) + base['src/a.ts'] },
  ],
  'bad: the header carries more': [
    asks,
    base,
    { ...done, 'src/a.ts': done['src/a.ts'].replace(header, `${header}// @ts-nocheck\n`) },
  ],
  'bad: the header of the test carries more': [
    asks,
    base,
    {
      ...done,
      'test/a.test.ts': done['test/a.test.ts'].replace(header, `${header}// @ts-nocheck\n`),
    },
  ],
  'bad: the comment carries more': [
    asks,
    base,
    { ...done, 'src/a.ts': done['src/a.ts'].replace('back. */', 'back. @ts-ignore */') },
  ],
  'bad: one of four is left out': [
    asks,
    base,
    { ...done, 'src/index.ts': header + base['src/index.ts'] },
  ],
});

const files = {
  'package.json':
    '{"type":"module","devDependencies":{"ava":"6"},"ava":{"extensions":{"ts":"module"}},"scripts":{"test":"ava"}}\n',
  'src/a.ts':
    '// Copyright 2020 Ada\nexport function one(a: number) {\n  return a;\n}  \nexport const two = 2;\n',
  'biome.json': '{}\n',
  'src/b.ts': "import { one } from './a.ts';\n\nexport const three = () => one(1);",
  'src/c.ts':
    "import { z } from './z.ts'\nimport { three } from './b.ts'\n\nexport const four = (a:number)=>{ return [three(), z, a] }\nconst spare=4\nexport { spare }\n",
  'src/d.ts':
    "import * as c from './c.ts';\nimport { four } from './c.ts';\n\nexport { four };\nexport const five = [four(1), c.four(2)]\n",
  'src/z.ts': 'export const z = 1;\n',
  'src/index.ts': "export { three } from './b.ts';\nexport { five } from './d.ts';\n",
  'docs/a.md':
    '---\ntitle: A\ntags: [X, Y]\ncategories: q\n---\n\n<!-- toc -->\n<!-- tocstop -->\n\n## One \n\n[b](../b.md)\n',
  'docs/b.md': '# B\n\nText [a](x/a.md)',
  'docs/c.md': '---\ncategories: z\n---\n# C \n\nCopyright 2019 Ada',
};

const sentences = [
  'Update the copyright year to 2026',
  'Every file ends with a newline',
  'All *.ts have an MIT header',
  'All *.md have an MIT header',
  'No file has trailing whitespace',
  'Update the table of contents of docs/a.md',
  '`one` is exported from `src/index.ts`',
  'Fix broken relative links in docs/',
  'Rename the key `categories` to `kind` in all notes',
  'All tags are in lower case',
  'Every exported function has a doc comment',
  'No unused exports in src/',
  'Rename `three` to `third`',
  'Rename `five` to `fifth`',
  '`four` has a doc comment saying "Four of them."',
  'There is a test for `one` in `test/one.test.ts`',
  'Format the code with biome',
  'Imports are sorted',
];

/** Lines of a plane of five times five points (affine, over the numbers modulo 5): any two are on just one. */
const lines = [0, 1, 2, 3, 4].flatMap((slope) =>
  [0, 1, 2, 3, 4].map((start) => [0, 1, 2, 3, 4].map((x) => 5 * x + ((slope * x + start) % 5))),
);
const columns = [0, 5, 10, 15].map((first) => [0, 1, 2, 3, 4].map((y) => first + y));
const asked = [...lines, ...columns]
  .map((line) => line.flatMap((at) => sentences[at] ?? []))
  .filter(({ length }) => length > 1);

test('each chore is asked for beside any other', (t) => {
  for (const [index, one] of sentences.entries()) {
    for (const other of sentences.slice(index + 1)) {
      const both = asked.filter((line) => line.includes(one) && line.includes(other));
      t.is(both.length, 1, `${one} and ${other}`);
    }
  }
});

for (const acceptance of asked) {
  test(`beside each other: ${acceptance.join(', ')}`, async (t) => {
    const spec = { title: 'Chores', scope: '**', acceptance: [...acceptance] };
    const { status, notes, changed } = await drive(files, spec);
    t.is(status, 'ok', notes);
    for (const [name, ask] of Object.entries(reviewers)) {
      const { verdict, findings } = await ask(caseOf(spec, files, Object.fromEntries(changed)));
      t.is(verdict, 'approve', `${name}: ${findings.join('; ')}`);
    }
  });
}
