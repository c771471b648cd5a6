// SPDX-License-Identifier: GPL-3.0-only
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSource, type Source } from '../../data/read-source.ts';

/** `flows/*.yaml` of a folder as they lie there, committed or not. */
export const flowFiles = async (folder: string): Promise<readonly Source[]> => {
  const names = await readdir(join(folder, 'flows')).catch((): string[] => []);
  const files = names.filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(files.map((name) => readSource(join(folder, 'flows', name), `flows/${name}`)));
};
