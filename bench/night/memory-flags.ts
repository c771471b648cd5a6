// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `bin/pantheon night` starts Node with. */
export const memoryFlags: readonly string[] = [
  '--min-semi-space-size=4',
  '--max-semi-space-size=4',
  '--heap-growing-percent=50',
];

const launcher = readFileSync(join(import.meta.dirname, '..', '..', 'bin', 'pantheon'), 'utf8');
if (!memoryFlags.every((flag) => launcher.includes(flag))) {
  throw new Error('bin/pantheon starts a night with other flags than the benches measure');
}
