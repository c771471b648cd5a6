// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { makePackageFiles, removePackageFiles, toJavaScript } from '../../bin/package-files.ts';
import { moduleFile, moduleName } from '../../src/data/found-modules.ts';
import { temporaryFolder, writeFiles } from '../workspace/with-repository.ts';

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

const sources = {
  'package.json': '{"type":"module"}',
  'src/data/base.ts':
    'export type Base = { readonly a: number };\nexport const base: Base = { a: 7 };\n',
  'src/cli/main.ts': [
    "import { type Base, base } from '../data/base.ts';",
    'type Other = {',
    '  readonly base: Base;',
    '};',
    "const later = await import('../data/base.ts');",
    "const file = new URL('./child.ts', import.meta.url);",
    "const words = ['./missing.ts', 'src/data/base.ts', './' + base.a + '.ts'];",
    'const other: Other = { base: later.base };',
    "console.log(JSON.stringify([other, file.pathname.split('/').at(-1), words]));",
    "throw new Error('line 10');",
    '',
  ].join('\n'),
  'src/cli/child.ts': 'export {};\n',
};

test('what is packed runs below node_modules, on the lines where it was written', (t) => {
  const folder = join(temporaryFolder(t), 'node_modules/pantheon');
  writeFiles(folder, sources);
  const run = (file: string) =>
    spawnSync(process.execPath, [join(folder, file)], { encoding: 'utf8' });
  t.regex(run('src/cli/main.ts').stderr, /ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING/);
  makePackageFiles(folder);
  const { stdout, stderr } = run('src/cli/main.js');
  t.deepEqual(JSON.parse(stdout), [
    { base: { a: 7 } },
    'child.js',
    ['./missing.ts', 'src/data/base.ts', './7.ts'],
  ]);
  t.regex(stderr, /main\.js:10\b/);
  removePackageFiles(folder);
  t.deepEqual(globSync('**/*.js', { cwd: folder }), []);
});

/** A checkout of a package of its own, and what says how making its files ended. */
const checkout = (t: ExecutionContext) => {
  const folder = temporaryFolder(t);
  writeFiles(folder, {
    ...sources,
    'tsconfig.json': '{"compilerOptions":{"types":["node"],"allowImportingTsExtensions":true}}',
    'actions/agents.ts': 'export const agents: readonly string[] = [];\n',
    'bin/package-files.ts': readFileSync(join(root, 'bin/package-files.ts'), 'utf8'),
  });
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules/typescript'), join(folder, 'node_modules/typescript'));
  const run = (how: string) => {
    const args = ['bin/package-files.ts', how];
    const env = { NODE_NO_WARNINGS: '1' };
    const ended = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
    return [ended.status, ended.stderr] as const;
  };
  const made = () => globSync('{src,actions}/**/*.{js,d.ts}', { cwd: folder }).sort();
  return { folder, run, made };
};

test('without the types of development nothing is written, and one line says so', (t) => {
  const { run, made } = checkout(t);
  for (const _ of [1, 2]) {
    const [status, stderr] = run('make');
    t.is(status, 1);
    t.regex(stderr, /^the types cannot be made \(error TS2688: .*'node'.*\); run "npm ci".*\n$/);
    t.deepEqual(made(), []);
  }
});

test('while one packs, another fails in one line and takes nothing away', (t) => {
  const { folder, run, made } = checkout(t);
  mkdirSync(join(folder, 'node_modules/@types'));
  symlinkSync(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  t.deepEqual(run('make'), [0, '']);
  const files = made();
  t.true(files.includes('actions/agents.d.ts') && files.includes('src/cli/main.js'));
  const [status, stderr] = run('make');
  t.is(status, 1);
  t.regex(stderr, /^another "npm pack" is at work here .*package-files\.ts remove\n$/);
  t.deepEqual(made(), files);
  t.deepEqual(run('remove'), [0, '']);
  t.deepEqual(made(), []);
  t.deepEqual(run('make'), [0, '']);
});

test('no module of ours names another one in a way that packing does not see', (t) => {
  for (const path of globSync('{src,actions}/**/*.ts', { cwd: root })) {
    const file = join(root, path);
    const packed = toJavaScript(readFileSync(file, 'utf8'), file);
    const code = packed.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    const unseen = /(?:import|from|URL|resolve)\s*\(?\s*(['"`])\.{1,2}\/[^'"`]*\.ts\1/g;
    t.deepEqual(code.match(unseen), null, path);
  }
});

test('a module that is looked for by name is the TypeScript, or what a package has for it', (t) => {
  t.is(moduleFile(new Set(['agent.js', 'agent.ts']), 'agent'), 'agent.ts');
  t.is(moduleFile(new Set(['agent.js']), 'agent'), 'agent.js');
  t.is(moduleFile(new Set(['agent.json']), 'agent'), undefined);
  t.deepEqual(['a.ts', 'b.js', 'c.json'].map(moduleName), ['a', 'b', undefined]);
});
