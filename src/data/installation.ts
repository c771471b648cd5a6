// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where Pantheon itself is installed: `$PANTHEON_HOME`, else the folder this file is part of; absolute. */
export const installationFolder: string = resolve(
  // Empty is unset: it would be the folder where somebody works.
  process.env.PANTHEON_HOME || join(import.meta.dirname, '..', '..'),
);

/** Version of this installation. */
export const pantheonVersion: string = JSON.parse(
  readFileSync(join(installationFolder, 'package.json'), 'utf8'),
).version;
