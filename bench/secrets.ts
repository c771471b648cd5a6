// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSecrets } from '../src/secrets/find-secrets.ts';

/*
 * node bench/secrets.ts [FOLDER...]: looks for secrets in all files of these folders (default: docs, src,
 * test), prints each with file, line and kind, how many files have one, and MB per second of CPU.
 */

const rounds = 5;
const places = process.argv.slice(2);
const folders = places.length > 0 ? places : ['docs', 'src', 'test'];

for (const folder of folders) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const texts = files.map((file) => [file, readFileSync(file, 'latin1')] as const);
  const bytes = texts.reduce((sum, [, text]) => sum + text.length, 0);
  const { user: start } = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) for (const [, text] of texts) findSecrets(text);
  const seconds = (process.cpuUsage().user - start) / 1e6;
  const found = texts.flatMap(([file, text]) => {
    const secrets = findSecrets(text);
    for (const { kind, line } of secrets) console.log(`${file}:${line}: ${kind}`);
    return secrets.length > 0 ? [file] : [];
  });
  const speed = ((bytes * rounds) / seconds / 1e6).toFixed(0);
  console.log(
    `${folder}: ${found.length} of ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB, ${speed} MB/s`,
  );
}
