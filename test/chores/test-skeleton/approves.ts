// SPDX-License-Identifier: GPL-3.0-only
import { bothApprove } from '../ask-judges.ts';
import { ask, asks, file, rows } from './rows.ts';

const old =
  "import test from 'ava';\nimport { list } from '../src/a.ts';\n\ntest('list', (t) => {\n  t.deepEqual(list(1, 2), [1, 2]);\n});\n";
const there = { 'test/a.test.ts': old };
const added = "\ntest('adds', (t) => {\n  t.is(add(1, 2), 3);\n});\n";
const node = { 'package.json': '{"scripts":{"test":"node --test"}}' };
const vitest = {
  'package.json': '{"scripts":{"test":"vitest run"},"devDependencies":{"vitest":"3"}}',
};
const expects = (body: string) =>
  `import { describe, expect, it } from 'vitest';\nimport { add } from '../src/a.ts';\n\ndescribe('add', () => {\n  it('adds', async () => {\n    ${body}\n  });\n});\n`;

rows(bothApprove, {
  'good: a call': ['t.is(add(1, 2), 3);'],
  'good: several calls': ['t.is(add(1, 2), 3);\n  t.is(add(0, 0), 0);\n  t.is(add(-1), -1);'],
  'good: what rules write': ["t.is(typeof add, 'function');"],
  'good: the kind of a result': ["t.is(typeof add(1, 2), 'number');"],
  'good: a constant between': ['const sum = add(1, 2);\n  t.is(sum, 3);'],
  'good: expected first': ['t.is(3, add(1, 2));'],
  'good: a comparison': ['t.true(add(1, 2) === 3);'],
  'good: greater': ['t.true(add(1, 2) > 2);'],
  'good: with a message': ["t.is(add(1, 2), 3, 'adds');"],
  'good: a computed expectation': ['t.is(add(1, 2), 1 + Math.max(1, 2));'],
  'good: an object and a template': ['const n = 2;\n  t.is(add(1, n), 3);'],
  'good: a member of the result': [
    't.is(list(1, 2).length, 2);'
      .replace('list(1, 2).length', 'add(1, 2).toFixed()')
      .replace(', 2)', ", '3')"),
  ],
  'good: a list': [file('t.deepEqual(list(1, 2), [1, 2]);', 'list'), ask('list')],
  'good: a member of a list': [file('t.is(list(1, 2)[1], 2);', 'list'), ask('list')],
  'good: what it throws': ['t.throws(() => add(1, 2), { instanceOf: RangeError });'],
  'good: what it throws, in a block': [
    "t.throws(() => {\n    add(1, 2);\n  }, { message: 'no' });",
  ],
  'good: awaited': [file("test('adds', async (t) => {\n  t.is(await add(1, 2), 3);\n});")],
  'good: awaited failure': [
    file("test('adds', async (t) => {\n  await t.throwsAsync(add(1, 2));\n});"),
  ],
  'good: in series': [file("test.serial('adds', (t) => {\n  t.is(add(1, 2), 3);\n});")],
  'good: without a block': [file("test('adds', (t) => t.is(add(1, 2), 3));")],
  'good: two tests': [
    file(
      "test('adds', (t) => {\n  t.is(add(1, 2), 3);\n});\n\ntest('adds none', (t) => {\n  t.is(add(0, 0), 0);\n});",
    ),
  ],
  'good: a table above': [
    file(
      "const cases = [1, 2];\n\ntest('adds', (t) => {\n  t.is(add(cases[0], cases[1]), 3);\n});",
    ),
  ],
  'good: a callback': [
    file('t.deepEqual([1, 2].map((n) => add(n, 1)), [2, 3]);\n  t.is(add(1, 2), 3);'),
  ],
  'good: a constant': [file('t.is(limit, 5);', 'limit'), ask('limit')],
  'good: what rules write of a constant': [file('t.not(limit, undefined);', 'limit'), ask('limit')],
  'good: a member of a constant': [file('t.deepEqual(table.a, [1, 2]);', 'table'), ask('table')],
  'good: without arguments': [file('t.is(now(), 1);', 'now'), ask('now')],
  'good: a class': [
    file('const box = new Box(2);\n  t.is(box.size, 2);\n  t.is(box.grow(1), 3);', 'Box'),
    ask('Box'),
  ],
  'good: a class as rules write it': [file("t.is(typeof Box, 'function');", 'Box'), ask('Box')],
  'good: the licence of the module': [
    `// SPDX-License-Identifier: MIT\n${file('t.is(add(1, 2), 3);')}`,
  ],
  'good: the other quotes and no semicolons': [
    file('t.is(add(1, 2), 3)\n  t.is(add(2, 2), 4)').replaceAll("'", '"').replaceAll(';', ''),
  ],
  'good: two names': [
    file('t.is(add(1, 2), 3);\n  t.deepEqual(list(1, 2), [1, 2]);', 'add, list'),
    ['Add a test for `add` and `list` from `src/a.ts` in `test/a.test.ts`'],
  ],
  'good: through a module between': [file('t.is(add(1, 2), 3);', 'add', '../src/all.ts')],
  'good: a module without its ending': [file('t.is(add(1, 2), 3);', 'add', '../src/a')],
  'good: a module as it is once compiled': [file('t.is(add(1, 2), 3);', 'add', '../src/a.js')],
  'good: a default': [
    "import test from 'ava';\nimport main from '../src/d.ts';\n\ntest('main', (t) => {\n  t.is(main(1), 1);\n});\n",
    ['Add a test for `main` in `test/a.test.ts`'],
    { 'src/d.ts': 'export default function main(a: number) {\n  return a;\n}\n' },
  ],
  'good: the runner of Node': [
    "import assert from 'node:assert/strict';\nimport test from 'node:test';\nimport { add } from '../src/a.ts';\n\ntest('adds', () => {\n  assert.equal(add(1, 2), 3);\n});\n",
    asks,
    node,
  ],
  'good: vitest': [expects('expect(add(1, 2)).toBe(3);'), asks, vitest],
  'good: vitest, awaited': [expects('await expect(add(1, 2)).resolves.toBe(3);'), asks, vitest],
  'good: vitest, thrown': [expects('expect(() => add(1, 2)).toThrow(RangeError);'), asks, vitest],
  'good: into a file, with an import': [
    {
      'test/a.test.ts':
        old.replace("a.ts';\n", "a.ts';\nimport { add } from '../src/all.ts';\n") + added,
    },
    asks,
    there,
  ],
  'good: into a file, into its import': [
    { 'test/a.test.ts': old.replace('{ list }', '{ add, list }') + added },
    asks,
    there,
  ],
  'good: into a file, on top of the others': [
    {
      'test/a.test.ts': old
        .replace('{ list }', '{ list, add }')
        .replace("\ntest('list'", `${added}\ntest('list'`),
    },
    asks,
    there,
  ],
  'good: nothing to do': [{}, asks, { 'test/a.test.ts': file('t.is(add(1, 2), 3);') }],
  'good: no test is named': [
    { 'test/add.test.ts': file('t.is(add(1, 2), 3);') },
    ['`src/a.ts` has a test'],
  ],
});
