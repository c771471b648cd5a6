// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { createOverlay, unrestricted, writeFiles } from '../../../src/workspace/overlay.ts';
import { bubblewrap } from '../../boundary/with-bubblewrap.ts';
import { patchedOverlay } from '../../tool/patched-overlay.ts';
import { comesTo, type Expected, type Row, runAgent } from './with-test-agent.ts';

const define = bubblewrap ? test.serial : test.skip;

const manifest = (script: string | undefined, more: object = {}) =>
  JSON.stringify({ type: 'module', ...(script && { scripts: { test: script } }), ...more });
const isOf = (name: string, body: string) =>
  `import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { sum } from './sum.js';\ntest('${name}', () => ${body});\n`;
const good = isOf('sum', 'assert.equal(sum(1, 2), 3)');
const red = isOf('was red before', 'assert.equal(sum(1, 2), 4)');
const files = {
  'pkg/package.json': manifest('node --test'),
  'pkg/sum.js': 'export const sum = (a, b) => a + b;\n',
  'pkg/sum.test.js': good,
};
const better = { 'pkg/sum.js': 'export const sum = (a, b) => b + a;\n' };
const worse = { 'pkg/sum.js': 'export const sum = (a, b) => a - b;\n' };
const scripts = (named: Readonly<Record<string, string>>) =>
  manifest(undefined, { scripts: named });

const rows: Readonly<Record<string, readonly [Omit<Row, 'base'> & Partial<Row>, Expected]>> = {
  'node:test is counted, without any package': [
    { patch: better, dependencies: async () => [] },
    {
      counts: { passed: 1, failed: 0, skipped: 0 },
      notes: /^1 test passed, 0 skipped in 1 package; the spec has no checks\.$/,
      log: /# pkg: node --test-reporter=junit --test\n/,
    },
  ],
  'node:test names a red test': [
    { patch: worse },
    {
      failure: {
        code: 'tests',
        message: /^pkg: 1 failed: pkg\/sum\.test\.js › sum: Expected values to be strictly equal:$/,
      },
      counts: { passed: 0, failed: 1 },
    },
  ],
  'a test that prints a report of its own changes nothing': [
    {
      patch: {
        'pkg/b.test.js': `${isOf('bad', 'assert.fail()')}console.log('<testsuites></testsuites>');\n`,
      },
    },
    { failure: { code: 'tests', message: /1 failed: pkg\/b\.test\.js › bad/ } },
  ],
  'a test file that is no program is red': [
    { patch: { 'pkg/b.test.js': 'syntax error' } },
    { failure: { code: 'tests', message: /1 failed: pkg\/b\.test\.js: test failed$/ } },
  ],
  'a program of tests that node runs plainly is counted': [
    { base: { 'pkg/package.json': manifest('node sum.test.js') }, patch: better },
    { counts: { passed: 1 }, notes: /^1 test passed/ },
  ],
  'a program without tests is judged by its exit code': [
    {
      base: { 'pkg/package.json': manifest('node check.js'), 'pkg/check.js': '' },
      patch: better,
    },
    { counts: { passed: 1, failed: 0 }, notes: /^the test script of pkg passed; / },
  ],
  'any other script is judged by its exit code': [
    { base: { 'pkg/package.json': manifest('grep -q b.+.a sum.js') }, patch: better },
    { counts: { passed: 1 }, notes: /^the test script of pkg passed; / },
  ],
  'a script that fails says its last line': [
    { base: { 'pkg/package.json': manifest('cat sum.js; echo broken; exit 3') }, patch: better },
    {
      failure: {
        code: 'tests',
        message: /ended with exit code 3: broken, and so it is without the patch$/,
      },
    },
  ],
  'a script runs what it says before the tests, without npm': [
    {
      base: {
        'pkg/package.json': scripts({
          pretest: 'npm run build',
          build: 'cp sum.js built.js',
          test: 'npm run unit -- sum.test.js && test -e after',
          unit: 'node --test',
          postunit: 'touch after',
        }),
        'pkg/sum.test.js': good.replace('./sum.js', './built.js'),
      },
      patch: better,
    },
    {
      counts: { passed: 1, failed: 0 },
      log: /# pkg: cp sum\.js built\.js\n.*--test sum\.test\.js\n/s,
    },
  ],
  'a build that fails is red and named': [
    {
      base: { 'pkg/package.json': manifest('grep -q a.+.b sum.js && node --test') },
      patch: better,
    },
    {
      failure: {
        code: 'tests',
        message: /^pkg: `grep -q a\.\+\.b sum\.js` ended with exit code 1$/,
      },
    },
  ],
  'a red test that is red without the patch too does not count': [
    { base: { 'pkg/old.test.js': red }, patch: better },
    {
      counts: { passed: 1, failed: 0, failedBefore: 1 },
      notes:
        /^1 test passed, 0 skipped in 1 package; 1 test fails without the patch too: pkg\/old\.test\.js › was red before: /,
      log: /The same without the patch:.*Fails without the patch too, and so does not count against it:\n- pkg\/old\.test\.js › was red before/s,
    },
  ],
  'one that is new beside it does': [
    { base: { 'pkg/old.test.js': red }, patch: worse },
    {
      failure: {
        code: 'tests',
        message: /^pkg: 1 failed: pkg\/sum\.test\.js › sum: .*; 1 more without the patch too$/,
      },
      counts: { failed: 1, failedBefore: 1 },
    },
  ],
  'a second test of the same name does': [
    {
      base: { 'pkg/old.test.js': red },
      patch: { 'pkg/old.test.js': `${red}test('was red before', () => assert.fail());\n` },
    },
    { failure: { code: 'tests', message: /^pkg: 1 failed: .*; 1 more without/ } },
  ],
  'tests that the patch takes away are missed': [
    { patch: { 'pkg/sum.test.js': null } },
    { failure: { code: 'tests', message: /^pkg: no test ran where tests were expected$/ } },
  ],
  'no tests before and after are no fault': [
    {
      base: { 'bare/package.json': manifest('node --test'), 'bare/a.js': '' },
      patch: { 'bare/a.js': '1;\n' },
    },
    { counts: { passed: 0, failed: 0 }, packages: ['bare'], notes: /^no tests ran; / },
  ],
  "the repository's own command decides": [
    { tests: 'cd pkg && node --test', patch: worse },
    { failure: { code: 'tests', message: /^the top package: `cd pkg && node --test` ended with/ } },
  ],
  'it may say so by folder, and its tests are counted': [
    { tests: { './pkg/': 'node --test', other: 'exit 1' }, patch: better },
    { counts: { passed: 1 }, packages: ['pkg'] },
  ],
  'a folder that it does not name is tested with what is there': [
    { tests: { other: 'exit 1' }, patch: better },
    { counts: { passed: 1 }, packages: ['pkg'] },
  ],
  'a package that the root tests is tested from there': [
    {
      base: {
        'package.json': manifest('node --test'),
        'pkg/package.json': manifest(undefined),
      },
      patch: better,
    },
    { counts: { passed: 1 }, packages: [''] },
  ],
  'a runner that is not installed is a failure with its fix': [
    {
      base: { 'pkg/package.json': manifest('vitest run') },
      patch: better,
      acceptance: ['All tests pass'],
    },
    { failure: { code: 'dependencies', message: /^the dependencies of pkg are neither/ } },
  ],
  'one that no script asks for is told in the notes': [
    {
      base: { 'pkg/package.json': manifest(undefined, { devDependencies: { jest: '^30' } }) },
      patch: better,
    },
    {
      packages: [],
      counts: { passed: 0 },
      notes:
        /^no tests ran; pkg has no test script, and jest is not installed to run without one; /,
    },
  ],
  'a script that fails where nothing is installed says that': [
    {
      base: {
        'pkg/package.json': manifest('tap', { devDependencies: { tap: '*' } }),
      },
      patch: better,
      dependencies: async () => [],
    },
    { failure: { code: 'dependencies', message: /^the dependencies of pkg/ } },
  ],
  'a script whose program is not installed is told in the notes': [
    {
      base: { 'pkg/package.json': manifest('no-such-linter . && no-such-runner') },
      patch: better,
    },
    {
      counts: { passed: 0 },
      notes: /^no tests ran; pkg: `no-such-linter \.` finds no such program in the sandbox; /,
    },
  ],
  'tests behind a program that is not installed are run, and no other programs': [
    {
      base: { ...files, 'pkg/package.json': manifest('no-such-linter . && node --test && exit 3') },
      patch: better,
    },
    { counts: { passed: 1 }, notes: /`no-such-linter \.` finds no such program in the sandbox; / },
  ],
  'a script that loses its program with the patch counts against it': [
    {
      base: {
        'pkg/package.json': manifest('sh run.sh'),
        'pkg/run.sh': 'exit 0\n',
      },
      patch: { ...better, 'pkg/run.sh': 'no-such-program\n' },
    },
    { failure: { code: 'tests', message: /`sh run\.sh` finds no such program, and does without/ } },
  ],
  'pytest where it is not installed is told in the notes': [
    { base: { 'py/pyproject.toml': '', 'py/a.py': '' }, patch: { 'py/a.py': 'a = 1\n' } },
    {
      counts: { passed: 0 },
      notes: /^no tests ran; py: `python3 -m pytest` finds no such program/,
    },
  ],
};

for (const [title, [row, expected]] of Object.entries(rows)) {
  define(title, (t) => comesTo(t, { ...row, base: { ...files, ...row.base } }, expected));
}

define('the base is run once for all patches on it', async (t) => {
  const base = {
    ...files,
    'pkg/package.json': manifest('date +%N >&2; exit 1'),
  };
  const first = await patchedOverlay(t, base, better);
  const second = createOverlay(first.base, unrestricted);
  writeFiles(second, [['pkg/sum.js', new TextEncoder().encode('export const sum = 1;\n')]]);
  const logs: string[] = [];
  for (const overlay of [first, second]) {
    const { testsLog = '' } = await runAgent(t, { base, patch: {}, overlay });
    logs.push(testsLog.split('The same without the patch:')[1] ?? '');
  }
  t.regex(logs[0] ?? '', /\d{9}/);
  t.is(logs[0], logs[1]);
});
