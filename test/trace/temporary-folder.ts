// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** A folder that is gone when the test ends. */
export const temporaryFolder = (t: ExecutionContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pantheon-trace-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
