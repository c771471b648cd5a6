// SPDX-License-Identifier: GPL-3.0-only
import { bothApprove, bothReject } from '../ask-judges.ts';
import { ask, asks, type Files, rows } from './rows.ts';

const node = { 'package.json': '{"scripts":{"test":"node --test"}}' };
const vitest = {
  'package.json': '{"scripts":{"test":"vitest run"},"devDependencies":{"vitest":"3"}}',
};

/** What a test does, or all that stands below the imports. */
type Body = readonly [body: string | { readonly whole: string }, imports?: string, source?: string];

const whole = (text: string): Body[0] => ({ whole: text });

const textOf = (body: Body[0]): string =>
  typeof body === 'string' ? `it('adds', async () => {\n  ${body}\n});` : body.whole;

const expects = ([body, imports = 'expect, it', source = 'add']: Body): string =>
  `import { ${imports} } from 'vitest';\nimport { ${source} } from '../src/a.ts';\n\n${textOf(body)}\n`;

const asserts = ([body, imports = '{ it }', source = 'add']: Body): string =>
  `import assert from 'node:assert/strict';\nimport ${imports} from 'node:test';\nimport { ${source} } from '../src/a.ts';\n\n${textOf(body)}\n`;

const table = (
  write: (body: Body) => string,
  before: Files,
  bodies: Readonly<Record<string, Body>>,
): Parameters<typeof rows>[1] =>
  Object.fromEntries(
    Object.entries(bodies).map(([title, body]) => {
      const [, , source = 'add'] = body;
      return [title, [write(body), source === 'add' ? asks : ask(source), before]];
    }),
  );

const fine = 'expect(add(1, 2)).toBe(3);';
const sure = 'assert.equal(add(1, 2), 3);';

rows(
  bothApprove,
  table(expects, vitest, {
    'vitest, good: a call': [fine],
    'vitest, good: what rules write': ["expect(typeof add).toBe('function');"],
    'vitest, good: a constant is there': ['expect(limit).toBeDefined();', 'expect, it', 'limit'],
    'vitest, good: a constant': ['expect(limit).toEqual(5);', 'expect, it', 'limit'],
    'vitest, good: a group': [
      whole(`describe('add', () => {\n  test('adds', () => {\n    ${fine}\n  });\n});`),
      'describe, expect, test',
    ],
    'vitest, good: awaited': ['await expect(add(1, 2)).resolves.toBe(3);'],
    'vitest, good: thrown': ['expect(() => add(1, 2)).toThrow(RangeError);'],
  }),
);

rows(
  bothApprove,
  table(asserts, node, {
    'node, good: a call': [sure],
    'node, good: what rules write': ["assert.strictEqual(typeof add, 'function');"],
    'node, good: a constant is there': [
      'assert.notStrictEqual(limit, undefined);',
      '{ it }',
      'limit',
    ],
    'node, good: plainly imported': [whole(`test('adds', () => {\n  ${sure}\n});`), 'test'],
    'node, good: a group': [
      whole(`describe('add', () => {\n  it('adds', () => {\n    ${sure}\n  });\n});`),
      '{ describe, it }',
    ],
    'node, good: thrown': ['assert.throws(() => add(1, 2), RangeError);'],
    'node, good: awaited': ['await assert.rejects(add(1, 2));'],
    'node, good: true by comparison': ['assert.ok(add(1, 2) === 3);'],
  }),
);

rows(
  bothReject,
  table(expects, vitest, {
    'vitest, bad: itself': ['expect(add).toBe(add);'],
    'vitest, bad: its own result': ['expect(add(1, 2)).toBe(add(1, 2));'],
    'vitest, bad: that it is there': ['expect(add).toBeDefined();'],
    'vitest, bad: that it gives something': ['expect(add(1, 2)).toBeDefined();'],
    'vitest, bad: that a constant is true': ['expect(limit).toBeTruthy();', 'expect, it', 'limit'],
    'vitest, bad: that it is true': ['expect(add(1, 2)).toBeTruthy();'],
    'vitest, bad: what it is not': ['expect(add(1, 2)).not.toBe(4);'],
    'vitest, bad: something else': ['expect(1).toBe(1);'],
    'vitest, bad: no assertion': ['expect(add(1, 2));'],
    'vitest, bad: a snapshot': ['expect(add(1, 2)).toMatchSnapshot();'],
    'vitest, bad: a pattern for all': ['expect(add(1, 2)).toMatch(/.*/);'],
    'vitest, bad: like nothing': ['expect(add(1, 2)).toMatchObject({});'],
    'vitest, bad: anything': ['expect(add(1, 2)).toEqual(expect.anything());'],
    'vitest, bad: a count of assertions': [`expect.assertions(1);\n  ${fine}`],
    'vitest, bad: not awaited': ['expect(add(1, 2)).resolves.toBe(3);'],
    'vitest, bad: behind return': [`return;\n  ${fine}`],
    'vitest, bad: in a function never called': [`const check = () => ${fine}`],
    'vitest, bad: skipped': [whole(`it.skip('adds', () => {\n  ${fine}\n});`)],
    'vitest, bad: only': [whole(`it.only('adds', () => {\n  ${fine}\n});`)],
    'vitest, bad: to do': [whole("it.todo('adds');")],
    'vitest, bad: expected to fail': [whole(`it.fails('adds', () => {\n  ${fine}\n});`)],
    'vitest, bad: for each of none': [whole(`it.each([])('adds', () => {\n  ${fine}\n});`)],
    'vitest, bad: a group that is skipped': [
      whole(`describe.skip('add', () => {\n  it('adds', () => {\n    ${fine}\n  });\n});`),
      'describe, expect, it',
    ],
    'vitest, bad: a group in a group': [
      whole(
        `describe('a', () => {\n  describe('b', () => {\n    it('adds', () => {\n      ${fine}\n    });\n  });\n});`,
      ),
      'describe, expect, it',
    ],
    'vitest, bad: a group of nothing': [
      whole("describe('add', () => {});"),
      'describe, expect, it',
    ],
    'vitest, bad: with settings': [whole(`it('adds', { fails: true }, () => {\n  ${fine}\n});`)],
    'vitest, bad: with a limit of time': [whole(`it('adds', () => {\n  ${fine}\n}, 0);`)],
    'vitest, bad: given a context': [
      whole(`it('adds', ({ skip }) => {\n  skip();\n  ${fine}\n});`),
    ],
    'vitest, bad: a mock': [fine, 'expect, it, vi'],
    'vitest, bad: before all': [
      whole(`beforeAll(() => {});\n\nit('adds', () => {\n  ${fine}\n});`),
      'beforeAll, expect, it',
    ],
    'vitest, bad: a word by another name': [fine, 'expect, test as it'],
    'vitest, bad: a word that is not imported': [whole(`test('adds', () => {\n  ${fine}\n});`)],
    'vitest, bad: expect is not imported': [fine, 'it'],
    'vitest, bad: the environment': [`${fine}\n  expect(process.env.HOME).toBe('');`],
    'vitest, bad: import.meta': ['expect(add(import.meta.env, 2)).toBe(3);'],
    'vitest, bad: import()': [`await import('node:fs');\n  ${fine}`],
  }),
);

rows(
  bothReject,
  table(asserts, node, {
    'node, bad: itself': ['assert.equal(add, add);'],
    'node, bad: its own result': ['assert.deepEqual(add(1, 2), add(1, 2));'],
    'node, bad: that it is there': ['assert.ok(add);'],
    'node, bad: that it is, plainly': ['assert(add(1, 2));'],
    'node, bad: that it is not undefined': ['assert.notEqual(add, undefined);'],
    'node, bad: something else': ['assert.equal(1, 1);'],
    'node, bad: true': ['assert(true);'],
    'node, bad: it or true': ['assert.ok(add(1, 2) === 3 || true);'],
    'node, bad: it does not throw': ['assert.doesNotThrow(() => add(1, 2));'],
    'node, bad: not awaited': ['assert.rejects(add(1, 2));'],
    'node, bad: behind return': [`return;\n  ${sure}`],
    'node, bad: in a timer': [`setTimeout(() => ${sure.slice(0, -1)}, 0);`],
    'node, bad: skipped': [whole(`it.skip('adds', () => {\n  ${sure}\n});`)],
    'node, bad: only': [whole(`it.only('adds', () => {\n  ${sure}\n});`)],
    'node, bad: to do': [whole(`it.todo('adds', () => {\n  ${sure}\n});`)],
    'node, bad: with settings': [whole(`it('adds', { skip: true }, () => {\n  ${sure}\n});`)],
    'node, bad: given a context': [whole(`it('adds', (t) => {\n  t.skip();\n  ${sure}\n});`)],
    'node, bad: a function': [whole(`it('adds', function () {\n  ${sure}\n});`)],
    'node, bad: a mock': [sure, '{ it, mock }'],
    'node, bad: the whole runner': [whole(`t.it('adds', () => {\n  ${sure}\n});`), '* as t'],
    'node, bad: a word that is not imported': [whole(`test('adds', () => {\n  ${sure}\n});`)],
    'node, bad: the environment': [`${sure}\n  assert.equal(process.env.HOME, '');`],
    'node, bad: the global': [`globalThis['fetch']('x');\n  ${sure}`],
  }),
);

rows(bothReject, {
  'another runner than the package has: node': [asserts([sure]), asks, vitest],
  'another runner than the package has: vitest': [expects([fine]), asks, node],
  'another runner than the package has: jest': [
    expects([fine]).replace("'vitest'", "'@jest/globals'"),
    asks,
    vitest,
  ],
  'a script that nothing runs': [
    asserts([sure]),
    asks,
    { 'package.json': '{"scripts":{"test":"tsc","unit":"node --test"}}' },
  ],
  'node that runs no tests': [
    asserts([sure]),
    asks,
    { 'package.json': '{"scripts":{"test":"node --test-only=x x.js"}}' },
  ],
  'no assert': [asserts([sure]).replace(/^import assert.*\n/u, ''), asks, node],
  'an assert of its own': [
    asserts([sure]).replace('node:assert/strict', './assert.ts'),
    asks,
    { ...node, 'test/assert.ts': 'export default { equal() {} };\n' },
  ],
  'two runners': [
    asserts([sure]).replace(
      "from 'node:test';",
      "from 'node:test';\nimport { test } from 'vitest';",
    ),
    asks,
    {
      'package.json':
        '{"scripts":{"test":"node --test && vitest"},"devDependencies":{"vitest":"3"}}',
    },
  ],
});

rows(bothApprove, {
  'a script that the test script runs': [
    asserts([sure]),
    asks,
    { 'package.json': '{"scripts":{"test":"npm run build && npm run unit","unit":"node --test"}}' },
  ],
  'node with a loader': [
    asserts([sure]),
    asks,
    { 'package.json': '{"scripts":{"test":"c8 node --import tsx --test test/*.ts"}}' },
  ],
});
