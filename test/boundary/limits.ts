// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type Command, type Executor, sandboxRoot } from '../../src/boundary/executor.ts';
import { boundBy } from '../../src/boundary/limits/bound-by.ts';
import { limitsOf, metLimit, sayLimit } from '../../src/boundary/limits/limits.ts';
import { sandboxSchema } from '../../src/config/schema.ts';
import { bubblewrap, confinedTest, runIn } from './with-bubblewrap.ts';

const small = sandboxSchema.parse({
  memory: 192,
  processes: 40,
  files: 500,
  tree: 16,
  fileSize: 4,
  openFiles: 64,
  cpu: 1,
});
const bounded = bubblewrap && boundBy(bubblewrap, small);
const executor = bounded as Executor;

const sh = (script: string): Command['argv'] => ['sh', '-c', script];
const js = (script: string): Command['argv'] => ['node', '-e', script];
const perl = (script: string): Command['argv'] => ['perl', '-e', script];

/** Each goes a little beyond one limit and is bounded by itself as well. */
const bombs: Readonly<Record<string, readonly [argv: Command['argv'], says: RegExp]>> = {
  'many processes': [
    sh('i=0; while [ $i -lt 100 ]; do sleep 9 & i=$((i+1)); done; wait'),
    /more than 40 processes.*Raise sandbox\.processes/,
  ],
  'processes that leave their parents': [
    perl('for (1..100) { next if fork; fork and exit; sleep 9; exit } sleep 9'),
    /more than 40 processes/,
  ],
  'memory of one process': [
    js(
      'const kept = []; setInterval(() => kept.length < 40 && kept.push(Buffer.alloc(1e7, 1)), 5)',
    ),
    /more than 192 MiB of memory.*Raise sandbox\.memory/,
  ],
  'memory of many processes': [
    perl('for (1..20) { next if fork; $x = "x" x 2e7; sleep 9; exit } sleep 9'),
    /more than 192 MiB of memory/,
  ],
  'memory by way of /tmp': [
    sh(
      'for i in 0 1 2 3 4 5 6 7 8 9; do for j in 0 1 2 3 4 5 6; do head -c 4000000 /dev/zero > /tmp/$i$j; done; done; sleep 9',
    ),
    /more than 192 MiB of memory/,
  ],
  'many files': [
    perl('for (1..2000) { open F, ">", "/tmp/$_" } sleep 9'),
    /more than 500 files.*Raise sandbox\.files/,
  ],
  'a large file': [
    js('require("node:fs").writeFileSync("large", Buffer.alloc(5e6))'),
    /more than 4 MiB into one file.*Raise sandbox\.fileSize/,
  ],
  'a large file with a hole': [
    perl('truncate("hole", 1 << 40) or open(F, ">", "hole") && truncate(F, 1 << 40) or die "$!"'),
    /more than 4 MiB into one file/,
  ],
  'many open files': [
    js('const fs = require("node:fs"); for (let i = 0; i < 100; i++) fs.openSync("/dev/null")'),
    /more than 64 files open.*Raise sandbox\.openFiles/,
  ],
  'a busy process': [perl('1 while 1'), /computed for more than 1 s.*Raise sandbox\.cpu/],
};

for (const [title, [argv, says]] of Object.entries(bombs)) {
  confinedTest(`${title}: stopped, with the limit and how to raise it`, async (t) => {
    const started = Date.now();
    const { code, stderr, timedOut } = await runIn(t, executor, argv);
    t.not(code, 0);
    t.false(timedOut);
    t.regex(stderr, says);
    t.true(Date.now() - started < 20_000, `${Date.now() - started} ms`);
  });
}

const inTree: Readonly<Record<string, readonly [argv: Command['argv'], says: RegExp]>> = {
  'a full tree': [
    sh('for i in 0 1 2 3 4 5 6 7 8 9; do head -c 3000000 /dev/zero > $i || exit 1; done'),
    /tree took more than 16 MiB.*Raise sandbox\.tree/,
  ],
  'many files in the tree': [
    perl('for (1..2000) { open F, ">", "$_" } sleep 9'),
    /more than 500 files/,
  ],
  'many folders in the tree': [
    perl('for (1..2000) { mkdir "d$_" } sleep 9'),
    /more than 500 files/,
  ],
};

for (const [title, [argv, says]] of Object.entries(inTree)) {
  confinedTest(`${title}: stopped, with the limit and how to raise it`, async (t) => {
    await executor.withTree(async ({ path }) => {
      const { code, stderr } = await runIn(t, executor, argv, { root: path });
      t.not(code, 0);
      t.regex(stderr, says);
    });
  });
}

confinedTest('a tree is in memory, of one command after another, and nowhere else', async (t) => {
  const place = await executor.withTree(async ({ path, seenAt }) => {
    await writeFile(join(path, 'given'), 'one\n');
    const first = await runIn(t, executor, sh('cat given; mkdir made; echo two > made/file'), {
      root: path,
    });
    const second = await runIn(t, executor, sh('pwd; cat file; ls ../..'), {
      root: path,
      cwd: join(path, 'made'),
    });
    t.is(
      first.stdout + second.stdout.split('\n').slice(0, 2).join(),
      `one\n${sandboxRoot}/made,two`,
    );
    t.is(readFileSync(join(path, 'made/file'), 'utf8'), 'two\n');
    t.deepEqual(await readdir(seenAt), []);
    const fault = { name: 'SandboxFault' };
    await t.throwsAsync(runIn(t, executor, ['true'], { root: path, cwd: seenAt }), fault);
    await runIn(t, executor, sh(`ln -s ${seenAt} out`), { root: path });
    await t.throwsAsync(
      runIn(t, executor, ['true'], { root: path, cwd: join(path, 'out') }),
      fault,
    );
    return seenAt;
  });
  t.false(existsSync(place));
});

confinedTest('processes that share their pages count them once', async (t) => {
  const script =
    '$x = "x" x 4e7; for (1..10) { next if fork; sleep 1; exit } 1 while wait > 0; print "done"';
  const { stdout, stderr } = await runIn(t, executor, perl(script));
  t.is(stdout, 'done', stderr);
});

confinedTest('no limit is raised inside, and no core is written', async (t) => {
  const script =
    'ulimit -c; for o in "-n 65" "-f 9000" "-t 3"; do ulimit $o 2>/dev/null && echo raised; done; true';
  t.is((await runIn(t, executor, sh(script))).stdout, '0\n');
});

test('an output that names no limit is left alone', (t) => {
  const end = { stdout: '', stderr: 'AssertionError', timedOut: false, truncated: false };
  t.is(metLimit({ ...end, code: 1 }), undefined);
  t.is(metLimit({ ...end, stderr: 'EFBIG', code: 0 }), undefined);
  t.is(metLimit({ ...end, stderr: 'EFBIG: file too large, write', code: 1 }), 'fileSize');
});

test('each limit is said with its size', (t) => {
  const limits = limitsOf(sandboxSchema.parse({}));
  t.regex(sayLimit('memory', limits), /4096 MiB/);
  t.regex(sayLimit('cpu', limits), /3600 s.*Raise sandbox\.cpu in pantheon\.yaml/);
});
