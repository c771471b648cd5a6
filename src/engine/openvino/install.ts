// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const names = ['openvino-node', 'openvino-genai-node'] as const;

const home = (): string => process.env.PANTHEON_HOME ?? join(import.meta.dirname, '..', '..', '..');

/** The next step where the packages are missing, in the versions that this Pantheon was made for. */
export const installLine = (): string => {
  const manifest: { readonly peerDependencies?: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(home(), 'package.json'), 'utf8'),
  );
  const wanted = names.map((name) => `${name}@${manifest.peerDependencies?.[name] ?? 'latest'}`);
  return `in ${home()} run: npm install --no-save ${wanted.join(' ')}`;
};

/** The next step where they are there without their native part. */
export const rebuildLine = (): string =>
  `by day and with a network, in ${home()} run: npm rebuild ${names.join(' ')}`;
