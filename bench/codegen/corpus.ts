// SPDX-License-Identifier: GPL-3.0-only
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files } from './drive.ts';

/** Sources of installed packages, written by people who knew nothing of the rules. */
export type Corpus = {
  readonly name: string;
  readonly files: Files;
  /** The module that others are exported from, where the package has one. */
  readonly index?: string;
};

const folders: readonly {
  readonly name: string;
  readonly folder: string;
  readonly parts: readonly string[];
  readonly index?: string;
}[] = [
  { name: 'execa', folder: 'execa', parts: ['index.js', 'lib'], index: 'index.js' },
  { name: 'ava', folder: 'ava', parts: ['lib'] },
  { name: 'tsconfig-paths', folder: 'tsconfig-paths', parts: ['src'], index: 'src/index.ts' },
  { name: 'zod-core', folder: 'zod/src/v4', parts: ['core'], index: 'core/index.ts' },
  { name: 'zod-v3', folder: 'zod/src/v3', parts: [''], index: 'external.ts' },
  { name: 'nonrecursive-glob-match', folder: '@isaacs/nonrecursive-glob-match', parts: ['src'] },
  { name: 'glob', folder: 'glob', parts: ['src'], index: 'src/index.ts' },
  { name: 'p-queue', folder: 'p-queue', parts: ['dist'], index: 'dist/index.js' },
];

const wanted = /(?<!\.d)\.[cm]?[jt]sx?$|package\.json$/u;
const passedOver = /(?:^|\/)(?:node_modules|benchmarks|locales)\//u;

/** What is installed of the packages; `absent` names the others. */
export const readCorpora = async (
  modules: string,
): Promise<{ readonly corpora: readonly Corpus[]; readonly absent: readonly string[] }> => {
  const read = await Promise.all(
    folders.map(async ({ name, folder, parts, index }) => {
      const files = await readTexts(join(modules, folder), parts);
      return { name, files, ...(index !== undefined && index in files && { index }) };
    }),
  );
  const isThere = ({ files }: Corpus) => Object.keys(files).some((path) => !path.endsWith('.json'));
  return {
    corpora: read.filter(isThere),
    absent: read.filter((corpus) => !isThere(corpus)).map(({ name }) => name),
  };
};

const readTexts = async (root: string, parts: readonly string[]): Promise<Files> => {
  const names = await readdir(root, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const chosen = names
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => wanted.test(name) && !passedOver.test(`${name}`))
    .filter((name) => parts.some((part) => name === part || name.startsWith(part && `${part}/`)))
    .sort();
  const texts = await Promise.all(
    chosen.map(async (name) => [name, await readFile(join(root, name), 'utf8')] as const),
  );
  return Object.fromEntries(texts);
};
