// SPDX-License-Identifier: GPL-3.0-only
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../data/digest.ts';
import { moduleName } from '../../data/found-modules.ts';

/** sha256 by path, sorted, of every module below a folder; none where it is missing. */
export const sourceDigests = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const sources = names.filter((name) => moduleName(name) !== undefined).sort();
  const digests = await Promise.all(
    sources.map(async (name) => sha256(await readFile(join(folder, name)))),
  );
  return new Map(sources.map((name, index) => [name, digests[index] ?? '']));
};
