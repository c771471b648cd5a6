// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationFolder } from '../../data/installation.ts';

const names = ['openvino-node', 'openvino-genai-node'] as const;

/** The next step where the packages are missing, in the versions that this Pantheon was made for. */
export const installLine = (): string => {
  const manifest: { readonly peerDependencies?: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(installationFolder, 'package.json'), 'utf8'),
  );
  const wanted = names.map((name) => `${name}@${manifest.peerDependencies?.[name] ?? 'latest'}`);
  return `in ${installationFolder} run: npm install --no-save ${wanted.join(' ')}`;
};

/** The next step where they are there without their native part. */
export const rebuildLine = (): string =>
  `by day and with a network, in ${installationFolder} run: npm rebuild ${names.join(' ')}`;
