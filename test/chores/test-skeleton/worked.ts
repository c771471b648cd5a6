// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import { openChores } from '../../../src/chore/chores.ts';
import { each } from '../../each.ts';
import { declined, worked } from '../worked.ts';

const json = (value: object): string => JSON.stringify(value);
const scripted = (script: string, ...names: readonly string[]): string =>
  json({
    type: 'module',
    scripts: { test: script },
    devDependencies: Object.fromEntries(names.map((name) => [name, '*'])),
  });

const source = {
  'src/tag.ts':
    'export const tag = (text: string): string => text.trim();\nexport class Box {}\nexport const most = 3;\n',
};
const asked = ['Add a test for `tag` in `test/tag.test.ts`'];
const all = ['`src/tag.ts` has a test in `test/tag.test.ts`'];
const node = { 'package.json': scripted('node --test'), ...source };
const vitest = { 'package.json': scripted('vitest run', 'vitest'), ...source };

const plainNode =
  "import assert from 'node:assert/strict';\nimport test from 'node:test';\nimport { tag } from '../src/tag.ts';\n\ntest('tag is a function', () => {\n  assert.strictEqual(typeof tag, 'function');\n});\n";
const plainVitest =
  "import { expect, test } from 'vitest';\nimport { tag } from '../src/tag.ts';\n\ntest('tag is a function', () => {\n  expect(typeof tag).toBe('function');\n});\n";

each(worked, {
  'node:test: as it is usual': [asked, node, { 'test/tag.test.ts': plainNode }],
  'node:test: every kind of export': [
    all,
    node,
    {
      'test/tag.test.ts':
        "import assert from 'node:assert/strict';\nimport test from 'node:test';\nimport { Box, most, tag } from '../src/tag.ts';\n\ntest('tag is a function', () => {\n  assert.strictEqual(typeof tag, 'function');\n});\n\ntest('Box is a function', () => {\n  assert.strictEqual(typeof Box, 'function');\n});\n\ntest('most is defined', () => {\n  assert.notStrictEqual(most, undefined);\n});\n",
    },
  ],
  'node:test: as the others here are written': [
    asked,
    {
      ...node,
      'test/other.test.ts':
        'import assert from "node:assert";\nimport { describe, it } from "node:test";\n\ndescribe("other", () => {\n  it("works", () => {\n    assert.ok(true);\n  });\n});\n',
    },
    {
      'test/tag.test.ts':
        "import assert from 'node:assert';\nimport { describe, it } from 'node:test';\nimport { tag } from '../src/tag.ts';\n\ndescribe('tag', () => {\n  it('is a function', () => {\n    assert.strictEqual(typeof tag, 'function');\n  });\n});\n",
    },
  ],
  'node:test: by a script that runs another': [
    asked,
    {
      ...source,
      'package.json': json({
        type: 'module',
        scripts: { test: 'npm run build && npm run unit', unit: 'node --test', build: 'tsc' },
      }),
    },
    { 'test/tag.test.ts': plainNode },
  ],
  'node:test: with a loader, for a pattern': [
    asked,
    { ...source, 'package.json': scripted('node --import tsx --test "test/**/*.test.ts"') },
    { 'test/tag.test.ts': plainNode },
  ],
  'node:test: where other tests alone say so': [
    asked,
    { ...source, 'test/x.test.ts': "import test from 'node:test';\n\ntest('x', () => {});\n" },
    { 'test/tag.test.ts': plainNode },
  ],
  'node:test: into the file there is': [
    asked,
    {
      ...node,
      'test/tag.test.ts':
        "import assert from 'node:assert/strict';\nimport { describe, it, mock } from 'node:test';\nimport { most } from '../src/tag.ts';\n\ndescribe('most', () => {\n  it('is 3', () => {\n    assert.equal(most, 3);\n  });\n});\n\nmock.reset();\n",
    },
    {
      'test/tag.test.ts':
        "import assert from 'node:assert/strict';\nimport { describe, it, mock } from 'node:test';\nimport { most } from '../src/tag.ts';\nimport { tag } from '../src/tag.ts';\n\ndescribe('most', () => {\n  it('is 3', () => {\n    assert.equal(most, 3);\n  });\n});\n\nmock.reset();\n\ndescribe('tag', () => {\n  it('is a function', () => {\n    assert.strictEqual(typeof tag, 'function');\n  });\n});\n",
    },
  ],
  'vitest: as it is usual': [asked, vitest, { 'test/tag.test.ts': plainVitest }],
  'vitest: every kind of export, as the others here are written': [
    all,
    {
      ...vitest,
      'vitest.config.ts':
        "import { configDefaults, defineConfig } from 'vitest/config';\nexport default defineConfig({ test: { globals: true, include: ['test/**/*.test.ts?(x)'], exclude: [...configDefaults.exclude, 'e2e/**'], coverage: { include: ['src/**'] } } });\n",
      'test/other.test.ts':
        "describe('other', () => {\n  it('works', () => {\n    expect(1).toBe(1);\n  });\n});\n",
    },
    {
      'test/tag.test.ts':
        "import { describe, expect, it } from 'vitest';\nimport { Box, most, tag } from '../src/tag.ts';\n\ndescribe('tag', () => {\n  it('is a function', () => {\n    expect(typeof tag).toBe('function');\n  });\n});\n\ndescribe('Box', () => {\n  it('is a function', () => {\n    expect(typeof Box).toBe('function');\n  });\n});\n\ndescribe('most', () => {\n  it('is defined', () => {\n    expect(most).toBeDefined();\n  });\n});\n",
    },
  ],
  'vitest: of the top of a workspace': [
    ['Add a test for `tag` in `packages/a/src/tag.test.ts`'],
    {
      'package.json': json({
        workspaces: ['packages/*'],
        scripts: { test: 'vitest run' },
        devDependencies: { vitest: '3' },
      }),
      'packages/a/package.json': json({ name: 'a', type: 'module' }),
      'packages/a/src/tag.ts': source['src/tag.ts'],
    },
    { 'packages/a/src/tag.test.ts': plainVitest.replace('../src/', './') },
  ],
  'vitest: that no script starts': [
    asked,
    { ...source, 'package.json': json({ devDependencies: { vitest: '3' } }) },
    { 'test/tag.test.ts': plainVitest },
  ],
  'vitest: into the file there is': [
    asked,
    {
      ...vitest,
      'test/tag.test.ts':
        "import {\n  expect,\n  it,\n  vi,\n} from 'vitest';\nimport { most } from '../src/tag.js';\n\nit('is 3', () => {\n  vi.useFakeTimers();\n  expect(most).toBe(3);\n});\n",
    },
    {
      'test/tag.test.ts':
        "import {\n  expect,\n  it,\n  vi,\n} from 'vitest';\nimport { most } from '../src/tag.js';\nimport { tag } from '../src/tag.js';\n\nit('is 3', () => {\n  vi.useFakeTimers();\n  expect(most).toBe(3);\n});\n\nit('tag is a function', () => {\n  expect(typeof tag).toBe('function');\n});\n",
    },
  ],
  'AVA: beside vitest, where the script starts both': [
    asked,
    {
      ...source,
      'package.json': json({
        type: 'module',
        scripts: { test: 'vitest run src && ava' },
        devDependencies: { ava: '8', vitest: '3' },
        ava: { extensions: ['ts'] },
      }),
    },
    {
      'test/tag.test.ts':
        "import test from 'ava';\nimport { tag } from '../src/tag.ts';\n\ntest('tag is a function', (t) => {\n  t.is(typeof tag, 'function');\n});\n",
    },
  ],
});

const one = { acceptance: asked };

each(declined, {
  'jest, by its name': [
    one,
    { ...source, 'package.json': scripted('jest', 'jest') },
    /the tests of package\.json run with jest; a skeleton is written for AVA, vitest, node:test/,
  ],
  'mocha, by its name': [
    one,
    { ...source, 'package.json': scripted('mocha', 'mocha') },
    /run with mocha; /,
  ],
  'another program': [
    one,
    { ...source, 'package.json': scripted('bun test') },
    /run with `bun test`; /,
  ],
  'a runner that nobody depends on': [
    one,
    { ...source, 'package.json': scripted('vitest run') },
    /no package\.json around test\/tag\.test\.ts depends on vitest; /,
  ],
  'nobody says what runs it': [
    one,
    { ...source, 'package.json': '{"name":"a"}' },
    /no package\.json around test\/tag\.test\.ts says what runs its tests; /,
  ],
  'node that runs a file': [
    one,
    { ...source, 'package.json': scripted('node test/all.js') },
    /run with `node test\/all\.js`; /,
  ],
  'where node does not look': [
    { acceptance: ['Add a test for `tag` in `checks/tag.ts`'] },
    node,
    /what `node --test` looks for \(.*\) leave out checks\/tag\.ts; name a test file/,
  ],
  'what node is not started for': [
    one,
    { ...source, 'package.json': scripted('node --test --test-reporter spec unit/*.test.ts') },
    /what `node --test` is started for \(unit\/\*\.test\.ts\) leave out test\/tag\.test\.ts/,
  ],
  'where vitest does not look': [
    one,
    {
      ...vitest,
      'vite.config.ts': "export default { test: { include: ['src/**/*.test.ts'] } };\n",
    },
    /vitest's "include" and "exclude" in vite\.config\.ts \(src.*\) leave out test\/tag\.test\.ts/,
  ],
  'what vitest leaves out, in a config outside the scope': [
    { ...one, scope: ['src/', 'test/'] },
    { ...vitest, 'vitest.config.mts': "export default { test: { exclude: ['test/**'] } };\n" },
    /in vitest\.config\.mts \(.*!test\/\*\*\) leave out/,
  ],
  'what vitest is not started for': [
    one,
    { ...source, 'package.json': scripted('vitest run src', 'vitest') },
    /vitest is started for src and not for test\/tag\.test\.ts/,
  ],
  'a config of vitest that is elsewhere': [
    one,
    { ...source, 'package.json': scripted('vitest run --config=ci.ts', 'vitest') },
    /started with --config=ci\.ts, which is not read here/,
  ],
  'a config of vitest that is computed': [
    one,
    { ...vitest, 'vitest.config.ts': 'export default { test: { include: globs() } };\n' },
    /"include" in vitest\.config\.ts is not a plain list/,
  ],
  'projects of vitest': [
    one,
    { ...vitest, 'vitest.config.ts': "export default { test: { projects: ['a'] } };\n" },
    /"projects" in vitest\.config\.ts is not read here/,
  ],
  'a file without what a test is written with': [
    one,
    { ...vitest, 'test/tag.test.ts': "import { other } from './other.js';\n\nother();\n" },
    /test\/tag\.test\.ts is there and does not import what a test of vitest is written with/,
  ],
});

test('a runner may be named', (t) => {
  const { read } = openChores();
  for (const runner of ['vitest', 'node:test', 'jest', 'AVA'])
    t.deepEqual(read(`Add a ${runner} test for \`tag\` in \`test/tag.test.ts\``), [
      { chore: 'test-skeleton', args: { names: ['tag'], test: 'test/tag.test.ts' } },
    ]);
});
