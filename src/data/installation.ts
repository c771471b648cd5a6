// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';

/** Where Pantheon itself is installed: `$PANTHEON_HOME`, else the folder this file is part of; absolute. */
export const installationFolder: string = resolve(
  // Empty is unset: it would be the folder where somebody works.
  process.env.PANTHEON_HOME || join(import.meta.dirname, '..', '..'),
);

/** Whether an agent's folder comes with Pantheon; others are a repository's own. */
export const isShippedAgent = (folder: string): boolean =>
  folder.startsWith(join(installationFolder, 'actions', sep));

/** Version of this installation. */
export const pantheonVersion: string = JSON.parse(
  readFileSync(join(installationFolder, 'package.json'), 'utf8'),
).version;
