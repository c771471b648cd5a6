// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Command, Execution, Executor } from '../../src/boundary/executor.ts';
import { findExecutor } from '../../src/boundary/find-executor.ts';
import { removeTree } from '../../src/boundary/read-only-folder.ts';

const host = await findExecutor({ allowUnconfined: true });

export const bubblewrap: Executor | undefined =
  host.confinement === 'bubblewrap' ? host.executor : undefined;

/** `test`, or a counted skip with a printed reason where bubblewrap does not work. */
export const confinedTest: typeof test | typeof test.skip = bubblewrap ? test : test.skip;
if (!bubblewrap) process.stderr.write(`skipped: ${host.notice}\n`);

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
