// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { SpecFile } from '../../../src/spec/schema.ts';
import { each } from '../../each.ts';
import { approved, caseOf, rejected, reviewers } from './macros.ts';

/** Of a patch of nothing the diff cannot tell what is missing. */
const redoingRejects = test.macro(
  async (t, file: Partial<SpecFile>, before: Readonly<Record<string, string>>, finding: RegExp) => {
    const { verdict, findings } = await reviewers.redoing(caseOf(file, before, {}));
    t.is(verdict, 'reject');
    t.regex(findings.join('\n'), finding);
  },
);

const rename = { acceptance: ['`sum` is renamed to `total`', 'All its uses are renamed'] };
const module = 'export const sum = (a: number[]) => a.length;\n';

test(
  'a rename with its uses',
  approved,
  rename,
  {
    'a.ts': module,
    'b.ts': "import { sum } from './a.ts';\nconst o = { sum, 'sum': 1 };\no.sum(sum);\n",
  },
  {
    'a.ts': module.replace('sum', 'total'),
    'b.ts': "import { total } from './a.ts';\nconst o = { sum: total, 'sum': 1 };\no.sum(total);\n",
  },
);

each(rejected, {
  'a use is left': [
    rename,
    { 'a.ts': `${module}sum([]);\n` },
    { 'a.ts': `${module.replace('sum', 'total')}sum([]);\n` },
    /sum/,
  ],
  'a text is renamed too': [
    rename,
    { 'a.ts': `${module}log('sum');\n` },
    { 'a.ts': `${module.replace('sum', 'total')}log('total');\n` },
  ],
  'no valid code any more': [
    rename,
    { 'a.ts': `${module}f(sum);\n` },
    { 'a.ts': `${module.replace('sum', 'total')}f(total;\n` },
  ],
});

const words =
  'arguments eval await yield let static implements interface package private protected public enum null true false undefined NaN Infinity globalThis';
for (const word of words.split(' ')) {
  test(
    `a rename to ${word}`,
    rejected,
    { acceptance: [`\`sum\` is renamed to \`${word}\``] },
    { 'a.ts': 'export const sum = 1;\n' },
    { 'a.ts': `export const ${word} = 1;\n` },
  );
}

const added = { acceptance: ['`b` is exported from `src/index.ts`'] };
const index = {
  'src/index.ts': "export {\n  a,\n} from './m.ts';\n",
  'src/m.ts': 'export const a = 1;\nexport const b = 2;\nexport const c = 3;\n',
};

const documented = { acceptance: ['`f` has a doc comment'] };

const many = Array.from({ length: 200 }, (_, index) => `src/a${index}.ts`);
const manyOf = (text: string) => Object.fromEntries(many.map((path) => [path, text]));

each(approved, {
  'a header in a whole folder': [
    { acceptance: ['All *.ts have an MIT header'], limits: { maxFiles: 200 } },
    manyOf('export const a = 1;\n'),
    manyOf('// SPDX-License-Identifier: MIT\nexport const a = 1;\n'),
  ],
  'a list grows': [
    added,
    index,
    {
      'src/index.ts': "export {\n  a,\n  b,\n} from './m.ts';\n",
    },
  ],
  'a comment above': [
    documented,
    { 'a.ts': 'let x = 1;\n\nexport function f() {}\n' },
    { 'a.ts': 'let x = 1;\n\n/** Does what f does. */\nexport function f() {}\n' },
  ],
});

each(rejected, {
  'a list grows too far': [
    added,
    index,
    {
      'src/index.ts': "export {\n  a,\n  b,\n  c,\n} from './m.ts';\n",
    },
  ],
  'one in, one out': [
    added,
    index,
    {
      'src/index.ts': "export {\n  b,\n} from './m.ts';\n",
    },
  ],
  'a comment that says nothing': [
    documented,
    { 'a.ts': 'export function f() {}\n' },
    { 'a.ts': '/** TODO */\nexport function f() {}\n' },
  ],
  'a comment that ends early': [
    documented,
    { 'a.ts': 'export function f() {}\n' },
    { 'a.ts': '/** It does. */ evil(); /** more */\nexport function f() {}\n' },
  ],
});

const tested = { acceptance: ['There is a test for `f` in `test/f.test.ts`'] };
const test_ = (check: string) =>
  `import test from 'ava';\nimport { f } from '../src/f.ts';\n\ntest('f', (t) => {\n  ${check}\n});\n`;
const source = { 'src/f.ts': 'export function f() {}\n' };
test('a test skeleton', approved, tested, source, {
  'test/f.test.ts': test_("t.is(typeof f, 'function');"),
});
test('a test of nothing', rejected, tested, source, { 'test/f.test.ts': test_('t.true(true);') });
test('a test that does more', rejected, tested, source, {
  'test/f.test.ts': `${test_('t.is(f(), undefined);')}process.exit(0);\n`,
});
test(
  'another test is weakened beside it',
  rejected,
  tested,
  {
    ...source,
    'test/g.test.ts': "import test from 'ava';\ntest('g', (t) => {\n  t.is(1, 1);\n});\n",
  },
  {
    'test/f.test.ts': test_('t.is(f(), undefined);'),
    'test/g.test.ts': "import test from 'ava';\ntest.skip('g', (t) => {\n  t.is(1, 1);\n});\n",
  },
);

test(
  'a test of a module that is not there',
  rejected,
  tested,
  {},
  {
    'test/f.test.ts': test_('t.is(f(), undefined);'),
  },
);

const index_ = { ...index, 'src/index.ts': "export { b } from './m.ts';\n" };
test('nothing to do: the export is there', approved, added, index_, {});
test('nothing was done: the export is not there', rejected, added, index, {}, /not export/);
test(
  'nothing to do: the test is there',
  approved,
  tested,
  { ...source, 'test/f.test.ts': test_("t.is(typeof f, 'function');") },
  {},
);
test('nothing was done: there is no test', rejected, tested, source, {}, /there is no/);
test(
  'nothing was done: the test is of something else',
  redoingRejects,
  tested,
  { ...source, 'test/f.test.ts': "import test from 'ava';\ntest('g', (t) => t.pass());\n" },
  /`f` is not tested/,
);
test('nothing was done: the name is renamed nowhere', rejected, rename, { 'a.ts': module }, {});
test(
  'nothing was done, and nobody can tell of a sentence',
  rejected,
  { acceptance: ['It is better'] },
  { 'a.ts': module },
  {},
);
