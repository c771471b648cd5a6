// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { Command, Execution, Executor } from '../../src/boundary/executor.ts';
import { findExecutor } from '../../src/boundary/find-executor.ts';
import { createLateExecutor } from '../../src/boundary/late-executor.ts';
import { limitConcurrency } from '../../src/boundary/limit-concurrency.ts';
import { createUnconfined } from '../../src/boundary/unconfined.ts';
import { bubblewrap, confinedTest, runIn, temporaryFolder } from './with-bubblewrap.ts';

/* What both executors promise alike. */

const executors = [
  { name: 'bubblewrap', define: confinedTest, executor: bubblewrap as Executor },
  { name: 'unconfined', define: test, executor: createUnconfined() },
];

const sh = (script: string): Command['argv'] => ['sh', '-c', script];

type Row = {
  readonly argv: Command['argv'];
  readonly options?: Partial<Command>;
  readonly expected: Partial<Execution>;
};

const rows: Readonly<Record<string, Row>> = {
  'passes on exit code 0': { argv: ['true'], expected: { code: 0 } },
  'passes on any other exit code': { argv: sh('exit 7'), expected: { code: 7 } },
  'says 127 for a program that is not there': {
    argv: ['no-such-program'],
    expected: { code: 127 },
  },
  'keeps the two outputs apart': {
    argv: sh('echo out; echo err >&2'),
    expected: { stdout: 'out\n', stderr: 'err\n', truncated: false },
  },
  'feeds standard input': {
    argv: ['cat'],
    options: { stdin: 'über\n' },
    expected: { stdout: 'über\n' },
  },
  'bears a command that reads none of its input': {
    argv: ['true'],
    options: { stdin: 'x'.repeat(1_000_000) },
    expected: { code: 0 },
  },
  'gives an empty input otherwise': { argv: ['cat'], expected: { code: 0, stdout: '' } },
  'runs on the Node that runs this': {
    argv: ['node', '-p', 'process.version'],
    expected: { stdout: `${process.version}\n` },
  },
  'takes an argument that looks like an option': {
    argv: ['echo', '--', '--bind'],
    expected: { stdout: '-- --bind\n' },
  },
};

for (const { name, define, executor } of executors) {
  for (const [title, { argv, options, expected }] of Object.entries(rows)) {
    define(`${name} ${title}`, async (t) => {
      t.like(await runIn(t, executor, argv, options), expected);
    });
  }

  define(`${name} gives a command no environment but its own`, async (t) => {
    process.env.PANTHEON_TEST_SECRET = 'hunter2';
    const { stdout } = await runIn(t, executor, ['env'], { env: { WANTED: 'yes', LANG: 'C' } });
    const names = stdout.split('\n').map((line) => line.split('=')[0]);
    const allowed = ['', 'HOME', 'LANG', 'PATH', 'PWD', 'TMPDIR', 'WANTED'];
    t.deepEqual(
      names.filter((variable) => !allowed.includes(variable ?? '')),
      [],
    );
    t.regex(stdout, /^WANTED=yes$/m);
    t.regex(stdout, /^LANG=C$/m);
  });

  define(`${name} cuts the middle of long output and says so`, async (t) => {
    const script =
      'echo first; i=0; while [ $i -lt 5000 ]; do echo 123456789; i=$((i+1)); done; echo last';
    const { stdout, truncated, code } = await runIn(t, executor, sh(script), { maxOutput: 2000 });
    t.true(truncated);
    t.is(code, 0);
    t.regex(stdout, /^first\n.*\n\[\.\.\. 48011 bytes cut \.\.\.\]\n.*last\n$/s);
    t.true(stdout.length < 2100);
  });

  define(`${name} ends a command and its children at the time limit`, async (t) => {
    const root = await temporaryFolder(t);
    const script = '(while true; do date +%s%N > alive; sleep 0.05; done) & wait';
    const started = Date.now();
    const { timedOut, code } = await runIn(t, executor, sh(script), { root, timeoutMs: 6000 });
    t.true(timedOut);
    t.is(code, undefined);
    t.true(Date.now() - started < 40_000);
    const last = await readFile(join(root, 'alive'), 'utf8');
    await sleep(300);
    t.is(await readFile(join(root, 'alive'), 'utf8'), last);
  });

  define(`${name} ends what a command leaves running`, async (t) => {
    const root = await temporaryFolder(t);
    const script = '(while true; do date +%s%N > alive; sleep 0.05; done) & sleep 0.2; exit 0';
    const { timedOut } = await runIn(t, executor, sh(script), { root });
    t.false(timedOut, 'it is not waited for');
    const last = await readFile(join(root, 'alive'), 'utf8');
    await sleep(300);
    t.is(await readFile(join(root, 'alive'), 'utf8'), last);
  });

  define(`${name} stops on its signal`, async (t) => {
    const aborter = new AbortController();
    const running = runIn(t, executor, ['sleep', '30'], { signal: aborter.signal });
    setTimeout(() => aborter.abort(), 200);
    const { code, timedOut } = await running;
    t.is(code, undefined);
    t.false(timedOut);
    t.is((await runIn(t, executor, ['true'], { signal: aborter.signal })).code, undefined);
  });

  define(`${name} shows a folder inside the root and leaves it as it was`, async (t) => {
    const source = await temporaryFolder(t);
    await mkdir(join(source, 'a'));
    await mkdir(join(source, '@scope/b'), { recursive: true });
    await writeFile(join(source, 'a/file'), 'shown\n');
    await symlink('../local', join(source, 'linked'));
    await symlink('../../local', join(source, '@scope/linked'));
    const root = await temporaryFolder(t);
    await mkdir(join(root, 'pkg/local'), { recursive: true });
    await writeFile(join(root, 'pkg/local/file'), 'patched\n');
    const readOnly = [{ source, target: 'pkg/node_modules', scratch: ['.cache', '.vite-temp'] }];
    const script = `cd pkg/node_modules && cat a/file linked/file @scope/linked/file && ls @scope
      mkdir -p .cache/ava && touch .cache/ava/x .vite-temp/x && echo cached`;
    const { stdout, stderr } = await runIn(t, executor, sh(script), { root, readOnly });
    t.is(stdout, 'shown\npatched\npatched\nb\nlinked\ncached\n', stderr);
    t.false(existsSync(join(source, '.cache')));
    t.is(await readlink(join(source, 'linked')), '../local');
  });

  for (const target of ['link/node_modules', 'file/node_modules', '../out', '/x', 'a//b']) {
    define(`${name} shows nothing at ${target}`, async (t) => {
      const outside = await temporaryFolder(t);
      const root = await temporaryFolder(t);
      await symlink(outside, join(root, 'link'));
      await writeFile(join(root, 'file'), '');
      const readOnly = [{ source: outside, target }];
      await t.throwsAsync(runIn(t, executor, ['true'], { root, readOnly }), {
        name: 'SandboxFault',
      });
      t.false(existsSync(join(outside, 'node_modules')));
    });
  }
}

const bwrap = '/nonexistent/bwrap';

confinedTest('bubblewrap that works is taken without a word', async (t) => {
  const { confinement, notice, missing } = await findExecutor({ allowUnconfined: false });
  t.is(confinement, 'bubblewrap');
  t.deepEqual(missing, []);
  t.is(notice, undefined);
});

test('without bubblewrap a night stops with the fix', async (t) => {
  await t.throwsAsync(findExecutor({ allowUnconfined: false, bwrap }), {
    name: 'UserError',
    message: /sudo apt-get install bubblewrap$/,
  });
});

test('without bubblewrap the example night runs and says in one line that nothing confined it', async (t) => {
  const { executor, confinement, notice } = await findExecutor({ allowUnconfined: true, bwrap });
  t.is(confinement, 'nothing');
  t.regex(
    notice ?? '',
    /^The tests and checks of this night ran unconfined: .* sudo apt-get install bubblewrap$/,
  );
  t.is((await runIn(t, executor, ['echo', 'hi'])).stdout, 'hi\n');
});

confinedTest(
  'an older bubblewrap, which cannot forbid nesting, is taken and that is said',
  async (t) => {
    const older = join(await temporaryFolder(t), 'bwrap');
    const script = `#!/bin/sh
[ "$1" = --args ] || exec bwrap "$@"
for fd in 3; do options=$(tr '\\0' '\\n' <&3); done
case "$options" in *--disable-userns*) echo "bwrap: Unknown option --disable-userns" >&2; exit 1;; esac
echo '{ "exit-code": 0 }' >&5
`;
    await writeFile(older, script, { mode: 0o755 });
    const { confinement, missing } = await findExecutor({ allowUnconfined: false, bwrap: older });
    t.is(confinement, 'bubblewrap');
    t.deepEqual(missing, [
      'The sandbox does not forbid further user namespaces by itself (bwrap: Unknown option --disable-userns); only the filter of system calls does.',
    ]);
  },
);

confinedTest('one that is looked for late runs commands like any other', async (t) => {
  const executor = createLateExecutor({ allowUnconfined: false }, () => t.fail());
  const [first, second] = await Promise.all(
    ['a', 'b'].map((word) => runIn(t, executor, ['echo', word])),
  );
  t.is(`${first?.stdout}${second?.stdout}`, 'a\nb\n');
});

test('where a late one cannot be found, the mistake is told once, before a command ends', async (t) => {
  const told: unknown[] = [];
  const executor = createLateExecutor({ allowUnconfined: false, bwrap }, (error) => {
    told.push(error);
  });
  for (const word of ['first', 'second']) {
    const error = await t.throwsAsync(runIn(t, executor, ['echo', word]), {
      name: 'UserError',
      message: /sudo apt-get install bubblewrap$/,
    });
    t.deepEqual(told, [error]);
  }
});

test('commands wait for each other, and one that cannot start delays none', async (t) => {
  let running = 0;
  let most = 0;
  const executor = limitConcurrency(
    {
      ...createUnconfined(),
      run: async ({ cwd }): Promise<Execution> => {
        running += 1;
        most = Math.max(most, running);
        await sleep(2);
        running -= 1;
        if (cwd === 'bad') throw new Error('it cannot start');
        return { code: 0, stdout: cwd, stderr: '', timedOut: false, truncated: false };
      },
    },
    3,
  );
  const command = (cwd: string): Command => ({ argv: ['true'], cwd, root: cwd, timeoutMs: 1000 });
  const names = ['a', 'b', 'bad', 'c', 'd', 'e', 'f'];
  const ends = await Promise.allSettled(names.map((name) => executor.run(command(name))));
  t.deepEqual(
    ends.map((end) => (end.status === 'fulfilled' ? end.value.stdout : 'failed')),
    ['a', 'b', 'failed', 'c', 'd', 'e', 'f'],
  );
  t.is(most, 3);
});
