// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs `bin/test` in a project of its own that holds the given test files. */
const counts = test.macro({
  async exec(
    t,
    _what: string,
    files: Readonly<Record<string, string>>,
    last: string,
    ...says: readonly RegExp[]
  ) {
    const home = await mkdtemp(join(tmpdir(), 'pantheon-'));
    t.teardown(() => rm(home, { recursive: true }));
    for (const folder of ['bin', 'test', 'node_modules/.bin']) {
      await mkdir(join(home, folder), { recursive: true });
    }
    for (const name of ['test', 'run-tests.ts']) {
      await cp(join(root, 'bin', name), join(home, 'bin', name));
    }
    for (const name of ['ava', 'tap-parser', '.bin/node']) {
      await symlink(join(root, 'node_modules', name), join(home, 'node_modules', name));
    }
    const settings = { extensions: ['ts'], files: ['test/**'], timeout: '3s', concurrency: 1 };
    await writeFile(join(home, 'package.json'), JSON.stringify({ type: 'module', ava: settings }));
    for (const [name, body] of Object.entries(files)) {
      await writeFile(join(home, 'test', name), `import test from 'ava';\n${body}\n`);
    }
    const { stdout, status } = spawnSync(join(home, 'bin/test'), {
      encoding: 'utf8',
      // What AVA is compiled to is kept from one case to the next.
      env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, PATH: process.env.PATH, CI: '1' },
    });
    t.is(stdout.trimEnd().split('\n').at(-1), last);
    t.is(status, last.includes(' 0 failed') ? 0 : 1);
    for (const line of says) t.regex(stdout, line);
  },
  title: (_, what) => `${what}`,
});

const good = "test('good', (t) => t.pass());";

test.serial(
  counts,
  'skipped and planned tests are neither green nor red',
  { 'a.ts': `${good} test.skip('s', (t) => t.pass()); test.todo('later');`, 'b.ts': good },
  '2 passed, 0 failed, 2 skipped',
);
test.serial(
  counts,
  'red: a test, shown with its difference, an error outside of any, a file that does not parse',
  {
    'a.ts': `${good} test('bad', (t) => t.is('# SKIP', 'x'));`,
    'b.ts': `${good} setTimeout(() => { throw new Error('late'); }, 200); test('slow', async (t) => { await new Promise((r) => setTimeout(r, 1500)); t.pass(); });`,
    'c.ts': 'syntax error(',
  },
  '2 passed, 5 failed, 0 skipped',
  /FAILED {2}a › bad\n[\s\S]*Difference/,
  /FAILED {2}Error: late/,
  /name: SyntaxError/,
);
test.serial(
  counts,
  'a file that dies is red',
  { 'a.ts': "test('dies', () => process.kill(process.pid, 'SIGKILL'));" },
  '0 passed, 1 failed, 0 skipped',
);
test.serial(counts, 'a file without tests is red', { 'a.ts': '' }, '0 passed, 1 failed, 0 skipped');
test.serial(
  counts,
  'a file that leaves the process is red',
  { 'a.ts': "test('leaves', () => process.exit(0));" },
  '0 passed, 1 failed, 0 skipped',
);
test.serial(
  counts,
  'a test that never ends is red',
  {
    'a.ts':
      "test('hangs', async () => { setInterval(() => {}, 1000); await new Promise(() => {}); });",
  },
  '0 passed, 1 failed, 0 skipped',
);
test.serial(counts, 'no files are red', {}, '0 passed, 1 failed, 0 skipped');
