// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { makeTemporaryFolder } from '../data/temporary-folder.ts';
import { type Command, type Executor, SandboxFault, sandboxRoot } from './executor.ts';
import { fillWithLinks, makeMountPoint, removeTree } from './read-only-folder.ts';
import { neverStarted, type ProcessResult, runProcess } from './run-process.ts';

/**
 * The same contract with nothing confined, for the example night's own files only: the command runs
 * as the user. Its environment and HOME are its own, and its process group ends with it.
 */
export const createUnconfined = (): Executor => ({
  withTree: async (use) => {
    const path = await makeTemporaryFolder('tree');
    try {
      return await use({ path, enter: [], seenAt: path });
    } finally {
      await removeTree(path);
    }
  },
  run: async (command) => {
    const home = await makeTemporaryFolder('home');
    const root = await realpath(command.root);
    const linked: string[] = [];
    try {
      for (const shown of command.readOnly ?? []) linked.push(await link(root, shown));
      const [file, ...args] = command.argv;
      const { status, killed, ...execution } = await runProcess({
        ...command,
        file,
        args,
        group: true,
        env: {
          PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
          HOME: home,
          TMPDIR: home,
          LANG: 'C.UTF-8',
          ...command.env,
        },
      }).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT') return notFound(file);
        throw new SandboxFault(`the command could not be started (${cause.code})`, { cause });
      });
      // As inside the sandbox, so that logs are the same from run to run.
      const plain = (text: string) =>
        text.replaceAll(root, sandboxRoot).replaceAll(home, '/tmp/home');
      return { ...execution, stdout: plain(execution.stdout), stderr: plain(execution.stderr) };
    } finally {
      await Promise.all([...linked, home].map(removeTree));
    }
  },
});

const notFound = (file: string): ProcessResult => ({
  ...neverStarted,
  code: 127,
  stderr: `${file}: not found\n`,
});

type Shown = NonNullable<Command['readOnly']>[number];

const link = async (root: string, { source, target, scratch }: Shown): Promise<string> => {
  const folder = await makeMountPoint(root, target);
  // What the tree itself holds there is hidden by a mount; here it has to make way.
  await rm(folder, { recursive: true });
  if (scratch === undefined) {
    await symlink(source, folder);
    return folder;
  }
  await mkdir(folder);
  fillWithLinks(source, source, folder, scratch);
  for (const name of scratch) await mkdir(join(folder, name));
  return folder;
};
