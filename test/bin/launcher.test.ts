// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A package of its own with the launcher and a main that prints what it was given. */
const install = async (t: ExecutionContext, withNode: boolean) => {
  const home = await mkdtemp(join(tmpdir(), 'pantheon launcher '));
  t.teardown(() => rm(home, { recursive: true }));
  for (const folder of ['bin', 'src/cli', 'node_modules/.bin']) {
    await mkdir(join(home, folder), { recursive: true });
  }
  await cp(join(root, 'bin/pantheon'), join(home, 'bin/pantheon'));
  await writeFile(join(home, 'package.json'), '{"type":"module"}');
  await writeFile(
    join(home, 'src/cli/main.ts'),
    'const given: readonly string[] = process.argv.slice(2);\nconsole.log(JSON.stringify([given, process.execPath]));',
  );
  if (withNode) await symlink(process.execPath, join(home, 'node_modules/.bin/node'));
  return home;
};

const start = (path: string, env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  spawnSync(path, args, {
    encoding: 'utf8',
    cwd: '/',
    env: { NODE_DISABLE_COMPILE_CACHE: '1', ...env },
  });

/** A PATH with the shell's tools and a `node` that says it is an old one. */
const oldNode = async (t: ExecutionContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'node'), '#!/bin/sh\necho v20.20.2\n', { mode: 0o755 });
  return { PATH: `${folder}:/usr/bin:/bin` };
};

test('starts on the Node beside the package, arguments as given', async (t) => {
  const home = await install(t, true);
  const { stdout, stderr, status } = start(
    join(home, 'bin/pantheon'),
    await oldNode(t),
    'a b',
    '',
    '--x=*',
  );
  t.is(stderr, '');
  t.is(status, 0);
  t.deepEqual(JSON.parse(stdout)[0], ['a b', '', '--x=*']);
});

test('is found through symlinks, relative ones too', async (t) => {
  const home = await install(t, true);
  await mkdir(join(home, 'links'));
  await symlink('../bin/pantheon', join(home, 'links/one'));
  await symlink(join(home, 'links/one'), join(home, 'two'));
  t.is(start(join(home, 'two'), await oldNode(t)).status, 0);
});

test('takes the Node of PANTHEON_HOME, then that of the PATH if it is new enough', async (t) => {
  const home = await install(t, false);
  const other = await install(t, true);
  const env = await oldNode(t);
  t.is(start(join(home, 'bin/pantheon'), { ...env, PANTHEON_HOME: other }).status, 0);
  const fresh = { PATH: `${join(other, 'node_modules/.bin')}:/usr/bin:/bin` };
  t.is(start(join(home, 'bin/pantheon'), fresh).status, 0);
});

test('says in one line what to do where no Node is new enough', async (t) => {
  const home = await install(t, false);
  for (const env of [await oldNode(t), { PATH: '/usr/bin:/bin' }]) {
    const { stderr, status } = start(join(home, 'bin/pantheon'), env);
    if (status === 0) {
      t.log('the system has a Node 24 of its own');
      continue;
    }
    t.is(status, 2);
    t.regex(stderr, /^pantheon: needs Node 24, .*run "npm ci" in .*\n$/);
  }
});
