// SPDX-License-Identifier: GPL-3.0-only

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { DependencyFinder } from '../../../src/boundary/dependencies.ts';
import { bubblewrap } from '../../boundary/with-bubblewrap.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { comesTo, type Expected, installed, type Row, runAgent } from './with-test-agent.ts';

/* One after the other: each starts an AVA of its own. */
const define = bubblewrap ? test.serial : test.skip;

const manifest = (more: object = {}) =>
  JSON.stringify({
    type: 'module',
    scripts: { test: 'ava' },
    devDependencies: { ava: '*' },
    ava: { extensions: ['ts'], files: ['**/*.test.ts'] },
    ...more,
  });

const sumTest = `import test from 'ava';
import { sum } from './sum.ts';
test('sum', (t) => t.is(sum(1, 2), 3));
test.skip('later', (t) => t.fail());
test.todo('more');
`;
const files = {
  'README.md': '# Top\n',
  'pkg/package.json': manifest(),
  'pkg/src/sum.ts': 'export const sum = (a: number, b: number) => a + b;\n',
  'pkg/src/sum.test.ts': sumTest,
  'other/package.json': manifest(),
  'other/x.test.ts': "import test from 'ava';\ntest('x', (t) => t.pass());\n",
  'plain/package.json': '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}',
  'plain/index.js': '',
};

const better = 'export const sum = (a: number, b: number): number => b + a;\n';
const worse = 'export const sum = (a: number, b: number): number => a - b;\n';
const changed = { 'pkg/src/sum.ts': better };
const withTest = (body: string) => ({
  ...changed,
  'pkg/src/more.test.ts': `import test from 'ava';\n${body}\n`,
});

const every = { acceptance: ['Every link resolves'], scope: ['pkg/**', 'docs/**'] };
const note = (target: string) => `# A\n\n[sum](${target}) and [a site](https://a.test/x)\n`;

const rows: Readonly<Record<string, readonly [Omit<Row, 'base'> & Partial<Row>, Expected]>> = {
  'links are followed where a sentence asks for it': [
    {
      ...every,
      base: { ...files, 'docs/a.md': note('../pkg/src/sum.ts'), 'elsewhere.md': note('none.md') },
      patch: changed,
    },
    { counts: { passed: 1, failed: 0, links: 1 }, notes: /; 1 link followed; / },
  ],
  'a link that leads nowhere is red, with or without the patch': [
    { ...every, base: { ...files, 'docs/a.md': note('none.md') }, patch: changed },
    {
      failure: { code: 'tests', message: /^docs\/a\.md: the link to none\.md leads nowhere$/ },
    },
  ],
  'a link is no matter where nobody asks': [
    { scope: ['**'], base: { ...files, 'docs/a.md': note('none.md') }, patch: changed },
    { counts: { passed: 1, failed: 0 } },
  ],
  'green tests are counted': [
    { patch: changed },
    {
      counts: { passed: 1, failed: 0, skipped: 1, todo: 1 },
      packages: ['pkg'],
      notes: /^1 test passed, 1 skipped in 1 package; the spec has no checks\.$/,
      log: /# pkg: ava --tap\nTAP version 13\n.*\[exit code 0\]/s,
    },
  ],
  'a red test names itself': [
    { patch: { 'pkg/src/sum.ts': worse } },
    {
      failure: { code: 'tests', message: /^pkg: 1 failed: sum: t\.is\(\): - -1 \+ 3$/ },
      counts: { passed: 0, failed: 1 },
      log: /not ok \d+ - sum\n/,
    },
  ],
  'a test that throws says what': [
    { patch: withTest("test('bad', () => { throw new TypeError('boo'); });") },
    { failure: { code: 'tests', message: /^pkg: 1 failed: more › bad: TypeError: boo$/ } },
  ],
  'a name that is imported and gone is named, with the file from the top': [
    { patch: { 'pkg/src/sum.ts': better.replace('sum', 'total') } },
    {
      failure: {
        code: 'tests',
        message:
          /^pkg: \d failed: pkg\/src\/sum\.test\.ts:2: The requested module '\.\/sum\.ts' does not provide an export named 'sum'$/,
      },
    },
  ],
  'a patch that only touches Markdown outside has nothing to test': [
    { patch: { 'README.md': '# New\n' }, scope: ['**/*.md'] },
    { packages: [], notes: /^no tests ran; the spec has no checks\.$/ },
  ],
  'a package whose test script runs nothing has nothing to test': [
    { patch: { 'plain/index.js': '1;\n' }, scope: ['plain/**'] },
    { packages: [], counts: { passed: 0 } },
  ],
  'only packages that the patch touches are tested, whatever is in scope': [
    { patch: changed, scope: ['pkg/**', 'other/*.ts', 'plain/**'] },
    { packages: ['pkg'], counts: { passed: 1 } },
  ],
  'a package inside a tested one belongs to it': [
    { patch: { 'pkg/inner/index.js': '1;\n' }, base: { 'pkg/inner/package.json': '{}' } },
    { packages: ['pkg'], counts: { passed: 1 } },
  ],
  'no test where tests were expected is red': [
    { patch: { 'pkg/src/sum.test.ts': null } },
    { failure: { code: 'tests', message: /^pkg: no test ran where tests were expected/ } },
  ],
  'tests that are all skipped are red': [
    { patch: { 'pkg/src/sum.test.ts': sumTest.replace("test('sum'", "test.skip('sum'") } },
    { failure: { code: 'tests', message: /no test ran/ } },
  ],
  'a patch that takes the tests away is red': [
    { patch: { ...changed, 'pkg/package.json': '{}' } },
    {
      failure: {
        code: 'tests',
        message: /^pkg has tests before the patch but not after it/,
      },
    },
  ],
  'a manifest broken by the patch is red': [
    { patch: { 'pkg/package.json': '{' } },
    { failure: { code: 'tests', message: /but not after it$/ } },
  ],
  'a test file that does not parse is red': [
    { patch: { 'pkg/src/sum.test.ts': 'syntax error' } },
    { failure: { code: 'tests', message: /failed: / } },
  ],
  'a test that prints TAP of its own changes nothing': [
    { patch: withTest("console.log('1..99\\nok 7 - forged');\ntest('bad', (t) => t.fail());") },
    { failure: { code: 'tests', message: /1 failed/ }, counts: { passed: 1, failed: 1 } },
  ],
  'a test named like a directive stays red': [
    { patch: withTest("test('bad # SKIP', (t) => t.fail());") },
    { failure: { code: 'tests', message: /exit code 1 although its report contains no failure/ } },
  ],
  'a test that ends the process is red': [
    { patch: withTest("test('bad', () => process.exit(0));") },
    { failure: { code: 'tests', message: /a test calls process\.exit\(\)$/ } },
  ],
  'a test that ends AVA itself is red': [
    {
      patch: withTest(
        "test('bad', async () => { process.kill(process.pid, 'SIGKILL'); await new Promise((done) => setTimeout(done, 5000)); });",
      ),
    },
    {
      failure: {
        code: 'tests',
        message: /before its report was complete \(exit code 137\): Killed$/,
      },
    },
  ],
  "a test that hangs past AVA's own timeout says so": [
    {
      base: {
        'pkg/package.json': manifest({
          ava: { extensions: ['ts'], files: ['**/*.test.ts'], timeout: '3s' },
        }),
      },
      patch: withTest("test('bad', () => new Promise((done) => setTimeout(done, 60_000)));"),
    },
    { failure: { code: 'tests', message: /: a test hangs, none ended within AVA's own timeout/ } },
  ],
  'a test that hangs hits the time limit and says so': [
    {
      patch: withTest(
        "test('bad', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));",
      ),
      timeout: '10s',
    },
    {
      failure: { code: 'tests', message: /still running after 10 s, stopped: one of them hangs$/ },
    },
  ],
  'a test cannot write to its dependencies or out of the tree': [
    {
      patch: withTest(`import { appendFileSync, writeFileSync } from 'node:fs';
for (const file of ['node_modules/ava/package.json', '/usr/x', '/etc/passwd', '/opt/node/bin/node'])
  test(file, (t) => { t.throws(() => appendFileSync(file, ' ')); });
test('its own tree', (t) => { writeFileSync('../README.md', ''); t.pass(); });`),
      checks: ['grep -q Top README.md'],
    },
    { counts: { passed: 6 }, notes: /1 check passed/ },
  ],
  'files and flags of the test script are kept': [
    {
      base: {
        'pkg/package.json': manifest({
          scripts: { test: "ava --serial 'src/only.test.ts' --verbose" },
        }),
      },
      patch: { ...withTest("test('other', (t) => t.fail());"), 'pkg/src/only.test.ts': sumTest },
    },
    { counts: { passed: 1, failed: 0 }, log: /ava --serial 'src\/only\.test\.ts' --tap\n/ },
  ],
  'dependencies that are nowhere are a failure with its fix': [
    { patch: changed, dependencies: async () => [], acceptance: ['All tests pass'] },
    {
      failure: {
        code: 'dependencies',
        message: /^the dependencies of pkg are neither prepared nor installed/,
      },
    },
  ],
  'dependencies that are nowhere are told in the notes where no sentence speaks of tests': [
    { patch: changed, dependencies: async () => [] },
    {
      packages: [],
      notes: /^no tests ran; none in pkg: the dependencies .* \(run "pantheon deps" by day\)/,
    },
  ],
  'a test that the patch adds has to run, whatever is asked': [
    { patch: withTest("test('more', (t) => t.pass());"), dependencies: async () => [] },
    { failure: { code: 'dependencies', message: /^the dependencies of pkg are neither/ } },
  ],
  'so it has where no script runs the tests': [
    {
      base: { 'pkg/package.json': manifest({ scripts: {} }) },
      patch: withTest("test('more', (t) => t.pass());"),
      dependencies: async () => [],
    },
    { failure: { code: 'dependencies', message: /^the dependencies of pkg are neither/ } },
  ],
  'a program that is missing beside them is no matter': [
    {
      base: { 'pkg/package.json': manifest({ scripts: { test: 'no-such-linter && ava' } }) },
      patch: withTest("test('more', (t) => t.pass());"),
    },
    { counts: { passed: 2 }, notes: /`no-such-linter` finds no such program/ },
  ],
  'a red check is red though the tests are green': [
    { patch: changed, checks: ['test -e pkg/package.json', 'exit 4'] },
    {
      failure: { code: 'tests', message: /^the check failed: exit 4: exit code 4$/ },
      counts: { passed: 1, failed: 0 },
    },
  ],
  'checks run where nothing is tested': [
    { patch: { 'README.md': '# New\n' }, scope: ['README.md'], checks: ['grep -q New README.md'] },
    {
      packages: [],
      notes: /; 1 check passed\.$/,
      log: /\$ grep -q New README\.md\n\[exit code 0\]/,
    },
  ],
};

for (const [title, [row, expected]] of Object.entries(rows)) {
  define(title, (t) => comesTo(t, { ...row, base: { ...files, ...row.base } }, expected));
}

define('a hoisted AVA is found at the top of the workspace', async (t) => {
  const source = temporaryFolder(t);
  mkdirSync(join(source, '.bin'));
  writeFileSync(join(source, 'unrelated'), '');
  const dependencies: DependencyFinder = async (folder) => [
    { folder, source },
    { folder: '', source: installed },
  ];
  const { failure, result } = await runAgent(t, { base: files, patch: changed, dependencies });
  t.is(failure, undefined);
  t.like(result, { passed: 1 });
});

define('a sandbox that fails is told as such', async (t) => {
  const outside: DependencyFinder = async () => [{ folder: '../out', source: installed }];
  const { failure } = await runAgent(t, { base: files, patch: changed, dependencies: outside });
  t.is(failure?.code, 'sandbox');
});
