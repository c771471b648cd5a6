// SPDX-License-Identifier: GPL-3.0-only
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createBubblewrap } from '../../src/boundary/bubblewrap.ts';
import type { Command, Execution, Executor } from '../../src/boundary/executor.ts';
import { removeTree } from '../../src/boundary/read-only-folder.ts';

// Found without waiting: AVA wants the tests of all parts of a file declared in one turn.
const starts = (...more: readonly string[]): boolean =>
  spawnSync('bwrap', ['--unshare-all', '--unshare-user', ...more, '--ro-bind', '/', '/', 'true'])
    .status === 0;

/** What a night would find here, see `find-executor.ts`. */
export const bubblewrap: Executor | undefined = starts('--disable-userns')
  ? createBubblewrap()
  : starts()
    ? createBubblewrap({ disableUserns: false })
    : undefined;

/** `test`, or a counted skip with a printed reason where bubblewrap does not work. */
export const confinedTest: typeof test | typeof test.skip = bubblewrap ? test : test.skip;
if (!bubblewrap) process.stderr.write('skipped: bubblewrap does not start here\n');

/** A fresh folder that is removed after the test. */
export const temporaryFolder = async (t: ExecutionContext<unknown>): Promise<string> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'pantheon-test-')));
  t.teardown(() => removeTree(folder));
  return folder;
};

/** Runs a command in a fresh root, or in `root`. */
export const runIn = async (
  t: ExecutionContext<unknown>,
  executor: Executor,
  argv: Command['argv'],
  options: Partial<Command> = {},
): Promise<Execution & { readonly root: string }> => {
  const root = options.root ?? (await temporaryFolder(t));
  await mkdir(root, { recursive: true });
  const execution = await executor.run({ argv, cwd: root, root, timeoutMs: 20_000, ...options });
  return { ...execution, root };
};
