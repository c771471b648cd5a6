// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { addPart, parts, version } from '../../bin/fetch-gpu-parts.ts';
import { temporaryFolder, writeFiles } from '../workspace/with-repository.ts';

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
