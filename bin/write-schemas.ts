// SPDX-License-Identifier: GPL-3.0-only
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contractNames, contractText } from '../src/cli/reference/contracts.ts';

/** The generated files by path from the repository's root. */
export const schemaFiles = (): ReadonlyMap<string, string> => {
  const files = contractNames.map(
    (name) => [`schemas/${name}.schema.json`, contractText(name) ?? ''] as const,
  );
  // Beside the queue as well, where a spec can name it in a few characters.
  return new Map([...files, ['specs/schema.json', contractText('spec') ?? '']]);
};

/** Paths under `root` that are missing, differ from what the code says, or should not be there. */
export const driftedSchemas = async (root: string): Promise<readonly string[]> => {
  const files = schemaFiles();
  const present = await readdir(join(root, 'schemas')).catch(() => []);
  const strays = present.map((name) => `schemas/${name}`).filter((path) => !files.has(path));
  const stale: string[] = [];
  for (const [path, text] of files) {
    const written = await readFile(join(root, path), 'utf8').catch(() => undefined);
    if (written !== text) stale.push(path);
  }
  return [...stale, ...strays];
};

if (import.meta.main) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (const path of await driftedSchemas(root)) {
    const text = schemaFiles().get(path);
    if (text === undefined) await rm(join(root, path));
    else await writeFile(join(root, path), text);
  }
}
