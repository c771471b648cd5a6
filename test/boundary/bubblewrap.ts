// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { createBubblewrap } from '../../src/boundary/bubblewrap.ts';
import { type Command, type Executor, sandboxRoot } from '../../src/boundary/executor.ts';
import { startAdvice } from '../../src/boundary/start-advice.ts';
import { bubblewrap, confinedTest, runIn, temporaryFolder } from './with-bubblewrap.ts';

const executor = bubblewrap as Executor;
const sh = (script: string): Command['argv'] => ['sh', '-c', script];
const js = (script: string): Command['argv'] => ['node', '-e', script];

confinedTest('a server on this machine cannot be reached', async (t) => {
  let reached = 0;
  const server = createServer((socket) => {
    reached += 1;
    socket.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const connect = js(
    `require('node:net').connect(${port}, '127.0.0.1').on('connect', () => console.log('in')).on('error', (e) => console.log(e.code))`,
  );
  t.is((await runIn(t, executor, connect)).stdout, 'ECONNREFUSED\n');
  t.is(reached, 0);
});

confinedTest('there is no interface but loopback, and that works', async (t) => {
  const { stdout } = await runIn(
    t,
    executor,
    js(`
      console.log(require('node:fs').readFileSync('/proc/net/dev', 'utf8').match(/^ *\\w+(?=:)/gm).map((n) => n.trim()).join());
      const server = require('node:net').createServer((s) => s.end()).listen(0, 'localhost', () =>
        require('node:net').connect(server.address().port, 'localhost').on('close', () => { console.log('closed'); server.close(); }).resume());
    `),
  );
  t.is(stdout, 'lo\nclosed\n');
});

confinedTest('nothing of this machine is in sight but its programs', async (t) => {
  const home = homedir();
  const { stdout } = await runIn(
    t,
    executor,
    sh(
      `ls -A / /etc /tmp /tmp/home | tr '\\n' ' '; for f in "${home}" "${process.cwd()}" /etc/shadow /var /run /sys /root /home; do [ -e "$f" ] && echo "sees $f"; done; true`,
    ),
  );
  t.notRegex(stdout, /sees/);
  t.regex(stdout, /^\/: (?:bin|dev|etc|lib|lib64|opt|proc|sbin|tmp|usr|work|\s)+ \/etc:/);
  t.regex(stdout, /\/tmp: home {2}\/tmp\/home: $/);
});

confinedTest('a socket file of this machine is not there', async (t) => {
  const folder = await temporaryFolder(t);
  const socket = join(folder, 'engine.sock');
  const server = createServer((connection) => connection.end());
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  t.teardown(() => server.close());
  const connect = js(
    `require('node:net').connect(${JSON.stringify(socket)}).on('connect', () => console.log('in')).on('error', (e) => console.log(e.code))`,
  );
  t.is((await runIn(t, executor, connect)).stdout, 'ENOENT\n');
});

confinedTest('only the root, /tmp and /dev/shm can be written', async (t) => {
  const script = `for f in /x /dev/x /usr/x /etc/x /opt/node/bin/node ${sandboxRoot}/../y /bin/x /proc/sys/kernel/hostname /proc/sys/kernel/core_pattern; do (echo > $f) 2>/dev/null && echo "wrote $f"; done
    touch inside /tmp/x /tmp/home/y /dev/shm/z && echo done`;
  const { stdout, root } = await runIn(t, executor, sh(script));
  t.is(stdout, 'done\n');
  t.true(existsSync(join(root, 'inside')));
});

confinedTest('what lies in memory is bounded', async (t) => {
  const root = await temporaryFolder(t);
  const source = await temporaryFolder(t);
  const script = `df -B1 --output=size,fstype /tmp /dev/shm ${sandboxRoot}/node_modules/.cache | tail -n +2 | tr -s " "`;
  const { stdout } = await runIn(t, executor, sh(script), {
    root,
    readOnly: [{ source, target: 'node_modules', scratch: ['.cache'] }],
  });
  t.deepEqual(stdout.trim().split(/\s*\n\s*/), [
    `${1024 ** 3} tmpfs`,
    `${256 * 1024 ** 2} tmpfs`,
    `${1024 ** 3} tmpfs`,
  ]);
});

confinedTest('a link that leaves the root leads nowhere', async (t) => {
  const outside = await temporaryFolder(t);
  await writeFile(join(outside, 'secret'), 'secret');
  const root = await temporaryFolder(t);
  await symlink(outside, join(root, 'out'));
  await symlink(`/oldroot${outside}`, join(root, 'old'));
  await symlink(`../../../..${outside}`, join(root, 'up'));
  const script = 'cat out/secret old/secret up/secret; touch out/new old/new up/new; true';
  const { stdout } = await runIn(t, executor, sh(script), { root });
  t.is(stdout, '');
  t.false(existsSync(join(outside, 'new')));
});

confinedTest('a working folder that is a link out of the root is refused', async (t) => {
  const outside = await temporaryFolder(t);
  const root = await temporaryFolder(t);
  await symlink(outside, join(root, 'out'));
  await t.throwsAsync(runIn(t, executor, ['true'], { root, cwd: join(root, 'out') }), {
    name: 'SandboxFault',
  });
});

confinedTest("this machine's processes are out of sight and reach", async (t) => {
  const { stdout } = await runIn(
    t,
    executor,
    sh(
      `ls /proc | grep -E '^[0-9]+$' | wc -l; kill -0 ${process.pid} 2>/dev/null && [ ${process.pid} -gt 9 ] && echo rea''ched; tr '\\0' ' ' < /proc/1/cmdline; tr '\\0' ' ' < /proc/1/environ | wc -c`,
    ),
  );
  const [count, commandLine] = stdout.trim().split('\n');
  t.true(Number(count) < 8);
  t.notRegex(stdout, /reached/);
  t.notRegex(commandLine ?? '', /pantheon-test-/);
});

confinedTest('no switch of the kernel can be written', async (t) => {
  const find = 'find /proc -path "/proc/[0-9]*" -prune -o -type f -writable -print';
  t.is((await runIn(t, executor, sh(find))).stdout, '');
});

confinedTest('it is an ordinary user without capabilities or ways to new namespaces', async (t) => {
  const { stdout } = await runIn(
    t,
    executor,
    sh(
      'id -u; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status; unshare -U true 2>/dev/null && echo nested; true',
    ),
  );
  t.is(stdout, '1000\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\n');
});

const shownFolders = {
  'a read-only folder': { scratch: undefined, cache: false },
  'a read-only folder with a place to write': { scratch: ['.cache'], cache: true },
  'a read-only folder with a place to write that it does not hold': {
    scratch: ['.cache'],
    cache: false,
  },
};

for (const [title, { scratch, cache }] of Object.entries(shownFolders)) {
  confinedTest(`${title} stays as it is`, async (t) => {
    const source = await temporaryFolder(t);
    await mkdir(join(source, 'ava'));
    await writeFile(join(source, 'ava/cli.js'), 'good');
    if (cache) await mkdir(join(source, '.cache'));
    const script = `cd node_modules; exec 2>/dev/null; echo bad > ava/cli.js; rm -rf ava; ln -s /tmp new
      echo bad > /deps/0/node_modules/ava/cli.js; mv ../node_modules ../other; touch .cache/mine; cat ava/cli.js`;
    const { stdout } = await runIn(t, executor, sh(script), {
      readOnly: [{ source, target: 'node_modules', ...(scratch && { scratch }) }],
    });
    t.is(stdout, 'good');
    t.is(await readFile(join(source, 'ava/cli.js'), 'utf8'), 'good');
    t.deepEqual(await readdir(source, { recursive: true }), [
      ...(cache ? ['.cache'] : []),
      'ava',
      'ava/cli.js',
    ]);
  });
}

test('a bubblewrap that is missing is a fault of the sandbox with its fix', async (t) => {
  const missing = createBubblewrap({ bwrap: '/nonexistent/bwrap' });
  const error = await t.throwsAsync(runIn(t, missing, ['true']), { name: 'SandboxFault' });
  t.is(error?.message, 'bubblewrap is not installed. Run: sudo apt-get install bubblewrap');
});

test('a bubblewrap that cannot start is a fault and not the exit code of the command', async (t) => {
  const folder = await temporaryFolder(t);
  const broken = join(folder, 'bwrap');
  await writeFile(
    broken,
    '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n',
    { mode: 0o755 },
  );
  const error = await t.throwsAsync(runIn(t, createBubblewrap({ bwrap: broken }), ['true']), {
    name: 'SandboxFault',
  });
  t.regex(error?.message ?? '', /^bubblewrap cannot create namespaces here/);
});

for (const [failure, advice] of [
  ['bwrap: Creating new namespace failed: Operation not permitted', /namespaces/],
  ['bwrap: setting up uid map: Permission denied', /namespaces/],
  [
    "bwrap: Can't find source path /x: No such file or directory",
    /did not start \(bwrap: Can't find/,
  ],
  ['', /ended without a message/],
] as const) {
  test(`advice for "${failure}" is one line`, async (t) => {
    const line = await startAdvice(failure);
    t.regex(line, advice);
    t.false(line.includes('\n'));
  });
}

for (const [name, value, advice] of [
  [
    'kernel.apparmor_restrict_unprivileged_userns',
    '1',
    /Run: sudo install -m 644 (\S+\/apparmor-bwrap) \/etc\/apparmor\.d\/bwrap/,
  ],
  ['kernel.unprivileged_userns_clone', '0', /Only root may\..*virtual machine/],
  ['user.max_user_namespaces', '0', /Nobody may\..*virtual machine/],
] as const) {
  test(`where ${name} is ${value}, the advice weakens nothing else on the machine`, async (t) => {
    const line = await startAdvice(
      'bwrap: setting up uid map: Permission denied',
      async (setting) => (setting === name ? value : undefined),
    );
    t.regex(line, advice);
    t.true(line.includes(`${name} is ${value}`));
    t.notRegex(line, /sysctl/);
    const profile = advice.exec(line)?.[1];
    if (profile !== undefined)
      t.regex(await readFile(profile, 'utf8'), /profile bwrap .*\{\n {2}userns,/);
  });
}
